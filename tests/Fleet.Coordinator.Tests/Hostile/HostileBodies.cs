using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Shared.Config;
using Fleet.Shared.Gate;
using Fleet.Shared.Hocon;

namespace Fleet.Coordinator.Tests.Hostile;

/// <summary>Bodies that no fleet should take, made from the rules' own tables, and the same values in the words of a configuration.</summary>
public static class HostileBodies
{
    public const string Good = """{"name":"web","listeners":[{"port":80,"protocol":"http"}],"vips":["10.0.0.1"]"""
        + ""","pool":{"backends":[{"name":"a","address":"10.0.9.1:80"}]}}""";

    /// <summary>May be left out, and so may be null.</summary>
    private static readonly string[] Nullable =
    [
        "site",
        "segment",
        "pool.backends[].site",
        "gslb.name",
        "gslb.zone",
        "gslb.fallback",
        "gslb.ttl-seconds",
        "gslb.answers-max",
    ];

    private static readonly string[] Choices =
    [
        "listeners[].protocol",
        "pool.balance",
        "pool.all-down",
        "pool.check.kind",
        "gslb.answer",
        "gslb.weights",
    ];

    private static readonly string[] Switches = ["pool.proxy-protocol", "gslb.topology", "gslb.overflow", "gslb.sticky"];

    private static readonly string[] Texts =
    [
        "\"\"",
        "\"two words\"",
        "\"a\\r\\nb\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"a\\udc00b\"",
        $"\"{new string('x', 300)}\"",
        "\"-\"",
        "\"ünïcode\"",
        "5",
        "true",
        "{}",
        "[]",
        "[null]",
    ];

    private static readonly string[] Addresses =
    [
        "\"0.0.0.0\"",
        "\"0.1.2.3\"",
        "\"224.0.0.1\"",
        "\"239.255.255.255\"",
        "\"255.255.255.255\"",
        "\"::\"",
        "\"ff02::1\"",
        "\"::ffff:10.0.0.1\"",
        "\"fe80::1%1\"",
        "\"127.1\"",
        "\"10.0.0.256\"",
        "\"\"",
        "null", "5", "{}", "\"10.0.0.0/24\"",
    ];

    private static readonly string[] NoNumbers =
        ["\"soon\"", "1.5", "1e400", "-1e400", "99999999999999999999", "true", "{}", "[]", "[1]", "\"NaN\""];

    /// <summary>Bodies with the path of what is wrong.</summary>
    public static IEnumerable<(string Path, string Body)> All()
    {
        foreach (var rule in ServiceRules.Table.Numbers)
            foreach (var value in Beyond(rule.Range).Concat(NoNumbers).Concat(Nulls(rule.Path)))
                yield return (rule.Path, With(rule.Path, value));
        foreach (var rule in ServiceRules.Table.Words)
            foreach (var value in Texts.Concat(Nulls(rule.Path)))
                yield return (rule.Path, With(rule.Path, value));
        foreach (var path in Choices.Concat(Switches))
            foreach (var value in new[] { "\"wrong\"", "0", "\"\"", "null", "{}", "\"HTTP\"" })
                yield return (path, With(path, value));
        foreach (var value in Addresses)
            yield return ("vips[]", With("vips[]", value));
        var endpoints = Addresses.Select(address => address.StartsWith('"') ? address.Insert(address.Length - 1, ":80") : address)
            .Concat(["\"10.0.9.1\"", "\"10.0.9.1:0\"", "\"10.0.9.1:65536\"", "\"10.0.0.1:80\""]);
        foreach (var value in endpoints)
            yield return ("pool.backends[].address", With("pool.backends[].address", value));
        foreach (var path in new[] { "listeners", "vips", "pool", "pool.backends", "pool.check", "gslb", "gslb.sites", "site-vips" })
            foreach (var value in new[] { "null", "5", "\"x\"", "[null]", "[[]]", "{\"unknown\":1}" })
                yield return (path, With(path, value));
        var paths = new[] { "nmae", "listeners[].prot", "pool.chek", "pool.check.interval", "pool.backends[].wait", "gslb.ttl", "Name", "demand" };
        foreach (var path in paths)
            yield return (path, With(path, "1"));
        var keys = new[]
        {
            "\"name\":\"web\",", "\"vips\":[\"10.0.0.9\"],", "\"demand-bps\":1,\"demand-bps\":2,", "\"\\ud800\":1,", "\"n\\u0061me\":\"other\",",
        };
        foreach (var key in keys)
            yield return ("", Good.Insert(1, key));
        var bodies = new[]
        {
            "", "{", "[]", "null", "5", "\"x\"", $"{Good}{Good}", $"{Good},", $"[{Good}]", new string('[', 5000),
            $"{{\"name\":{new string('{', 200)}", Good[..^1], "\u0000",
        };
        foreach (var body in bodies)
            yield return ("", body);
    }

    /// <summary>What lies at an end of a range, and just beyond.</summary>
    public static IEnumerable<string> Ends(NumberRange range) =>
        new[] { range.Min - 1, range.Min, range.Max, range.Max + 1 }.Select(n => n.ToString(CultureInfo.InvariantCulture));

    private static string[] Beyond(NumberRange range) => [.. Ends(range).Where((_, i) => i is 0 or 3), "-9223372036854775808", "9223372036854775807"];

    private static string[] Nulls(string path) => Nullable.Contains(path) ? [] : ["null"];

    /// <summary>The good body with that text at that path.</summary>
    public static string With(string path, string value)
    {
        const string Mark = "@here@";
        var root = JsonNode.Parse(Good)!.AsObject();
        if (path.StartsWith("pool.feedback", StringComparison.Ordinal))
            root["pool"]!["feedback"] = new JsonObject { ["port"] = 9000, ["interval-ms"] = 20_000, ["timeout-ms"] = 10_000 };
        if (path == "gslb.sites[]")
            root["gslb"] = new JsonObject { ["sites"] = new JsonArray("x") };
        JsonNode at = root;
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
            at = Step(at, part);
        var last = parts[^1];
        if (last.EndsWith("[]", StringComparison.Ordinal))
            at[last[..^2]]!.AsArray()[0] = Mark;
        else
            at[last] = Mark;
        return root.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }

    private static JsonNode Step(JsonNode at, string part) =>
        part.EndsWith("[]", StringComparison.Ordinal) ? at[part[..^2]]![0]! : at[part] ??= new JsonObject();

    /// <summary>Whether a configuration takes the value; null where it has no such setting.</summary>
    public static bool? ConfigurationTakes(string path, string value)
    {
        var number = value.Trim('"');
        var setting = path switch
        {
            "vip-count" => null,
            "listeners[].port" => $"listeners = [{{ port = {value}, protocol = http }}]",
            "demand-bps" => $"demand = \"{number}bps\"",
            "demand-cps" => $"connections = {value}",
            "pool.backends[].weight" or "pool.backends[].name" or "pool.backends[].site" or "pool.backends[].address" =>
                $"backends = [{{ name = a, address = \"10.0.9.1:80\" }}], backends = "
                + $"[{{ name = a, address = \"10.0.9.1:80\", {path.Split('.')[^1]} = {value} }}]",
            "vips[]" => $"vips = [{value}]",
            "gslb.sites[]" => $"gslb.sites = [{value}]",
            "gslb.ttl-seconds" => $"gslb.ttl = \"{number}s\"",
            _ when path.StartsWith("pool.feedback.", StringComparison.Ordinal) =>
                $"feedback {{ port = 9000, interval = 20s, timeout = 10s }}, feedback.{Timed(path["pool.feedback.".Length..], value)}",
            _ => Timed(path.StartsWith("pool.", StringComparison.Ordinal) ? path["pool.".Length..] : path, value),
        };
        if (setting is null)
            return null;
        var name = path == "name" ? value : "web";
        var text = $"services.{name} "
            + $"{{ vips = [\"10.0.0.1\"], listeners = [{{ port = 80, protocol = http }}], "
            + $"backends = [{{ name = a, address = \"10.0.9.1:80\" }}]{(path == "name" ? "" : $", {setting}")} }}";
        return ServiceConfig.Load("a.conf", new OneSource(text), _ => null).IsSound;
    }

    private static string Timed(string key, string value) =>
        key.EndsWith("-ms", StringComparison.Ordinal) ? $"{key[..^3]} = \"{value.Trim('"')}ms\"" : $"{key} = {value}";

    private sealed class OneSource(string text) : IHoconSources
    {
        public HoconText Read(string path) => path == "a.conf" ? new HoconText.Found(text) : new HoconText.Missing();
    }
}
