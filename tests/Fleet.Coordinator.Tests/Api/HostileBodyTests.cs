using System.Text;
using System.Text.Json;
using Fleet.Coordinator.Api;
using Fleet.Shared.Api;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Api;

/// <summary>Every mistake of a body, at its place, at once.</summary>
public sealed class HostileBodyTests
{
    private const string Good = """{"name":"web","listeners":[{"port":80,"protocol":"http"}],"vips":["10.0.0.1"]"""
        + ""","pool":{"backends":[{"name":"a","address":"10.0.9.1:80"}]}}""";

    [Fact]
    public void Good_one_is_taken() => Mistakes(Good).ShouldBeEmpty();

    [Fact]
    public void All_mistakes_are_said_at_once_each_with_its_path_and_what_is_allowed() =>
        Mistakes("""
            {"name":"two words","listeners":[null,{"port":70000,"protocol":"gopher"},{"protocol":"tcp"}],
             "vips":["0.0.0.0","nowhere","224.0.0.1"],"vip-count":1e400,"demand-bps":-1,
             "demmand-cps":1,"site":null,"drain-timeout-ms":1,"drain-timeout-ms":2,
             "pool":{"backends":[{"name":"b 1","address":"10.0.9.1","weight":-7},{"name":"b2","address":"10.0.9.2:80"}],"balance":null,
                     "check":{"kind":"http","path":"/ x\r\nHost: evil","interval-ms":0,"timeout-ms":"soon"},
                     "feedback":{"port":-1,"interval-ms":100,"timeout-ms":200}},
             "gslb":{"name":"\ud800","zone":"a..b","sites":["x","x"],"topology":1}}
            """).ShouldBe(
            [
                "listeners[0]: found nothing, allowed: an object with port and protocol",
                "listeners[1].protocol: found \"gopher\", allowed: tcp or http",
                "listeners[1].port: found 70000, allowed: a whole number from 1 to 65535",
                "listeners[2].port: found nothing, allowed: a whole number from 1 to 65535",
                "name: found \"two words\", allowed: " + Texts.Label.Allowed,
                "vips[0]: found 0.0.0.0, allowed: " + Texts.Host,
                "vips[1]: found \"nowhere\", allowed: " + Texts.Host,
                "vips[2]: found 224.0.0.1, allowed: " + Texts.Host,
                "vip-count: found 1e400, allowed: a whole number from 0 to 10000",
                "demand-bps: found -1, allowed: a whole number of bit/s from 0 to 1000000000000000",
                "demmand-cps: found an unknown key (did you mean demand-cps?), allowed: name, listeners, vips, vip-count, site-vips, site, segment, "
                + "demand-bps, demand-cps, pool, gslb, drain-timeout-ms",
                "drain-timeout-ms: found the key twice, allowed: each key once",
                "pool.backends[0].name: found \"b 1\", allowed: " + Texts.Name.Allowed,
                "pool.backends[0].address: found \"10.0.9.1\", allowed: " + Texts.HostAndPort,
                "pool.backends[0].weight: found -7, allowed: a whole number from 0 to 256",
                "pool.balance: found nothing, allowed: round-robin or least-connections or source",
                "pool.check.path: found \"/ x\\r\\nHost: evil\", allowed: a path that begins with /, without blanks",
                "pool.check.interval-ms: found 0, allowed: a whole number of milliseconds from 50 to 600000",
                "pool.check.timeout-ms: found \"soon\", allowed: a whole number of milliseconds from 10 to 60000",
                "pool.feedback.port: found -1, allowed: a whole number from 1 to 65535",
                "pool.feedback.timeout-ms: found 200ms with an interval of 100ms, allowed: at most the interval",
                "gslb.name: found half a character (a lone surrogate), allowed: text in Unicode",
                "gslb.zone: found \"a..b\", allowed: " + Texts.Zone.Allowed,
                "gslb.sites: found x twice, allowed: each site once",
                "gslb.topology: found 1, allowed: true or false",
            ],
            ignoreOrder: true);

    [Theory]
    [InlineData("", "text that is no JSON")]
    [InlineData("{", "text that is no JSON")]
    [InlineData("null", "found nothing")]
    [InlineData("[]", "found a list")]
    [InlineData("{} {}", "text that is no JSON")]
    [InlineData("{\"name\":NaN}", "text that is no JSON")]
    public void What_is_no_object_is_refused(string body, string found) => Mistakes(body).ShouldContain(m => m.Contains(found));

    [Fact]
    public void Nothing_is_nested_without_end() =>
        Mistakes($"{{\"name\":{new string('[', 100_000)}").ShouldContain(m => m.Contains("nested too deeply"));

    [Fact]
    public void Bytes_that_are_no_text_are_refused() => Mistakes([.. "{\"name\":\""u8, 0xff, 0xfe, .. "\"}"u8]).ShouldNotBeEmpty();

    /// <summary>As <c>pbm service apply</c> sends it: everything that a service has.</summary>
    [Fact]
    public void What_the_configuration_made_is_taken_as_it_is()
    {
        var service = Build.Service("web", Build.Vips(3)) with
        {
            Site = new SiteName("ams"),
            Segment = "a",
            SiteVips = Build.Service("web").SiteVips.Add(new SiteName("ams"), [Build.Vip(1)]),
            Gslb = new GslbSpec("www", 5, 4) { Zone = "fleet.internal", Sites = [new SiteName("ams")], Fallback = "a.example" },
        };
        service = service with { Pool = service.Pool with { Feedback = new FeedbackSpec(9000, 1000, 500) } };
        var text = JsonSerializer.SerializeToUtf8Bytes(service, ApiJson.Default.Service);
        Mistakes(text).ShouldBeEmpty();
        ServiceBody.TryRead(text, out var read, out _).ShouldBeTrue();
        JsonSerializer.SerializeToUtf8Bytes(read!, ApiJson.Default.Service).ShouldBe(text);
    }

    private static string[] Mistakes(string body) => Mistakes(Encoding.UTF8.GetBytes(body));

    private static string[] Mistakes(byte[] body) =>
        ServiceBody.TryRead(body, out _, out var mistakes) ? [] : [.. mistakes.Select(m => m.ToString())];
}
