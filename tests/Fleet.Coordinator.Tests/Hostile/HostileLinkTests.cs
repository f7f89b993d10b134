using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Hostile;

public sealed class HostileLinkTests
{
    private static readonly NodeMessage.Hello Hello = new(Wire.Schema, Build.Facts("adc-1"), Build.First, MapVersion.None);

    private static readonly NodeMessage.Heartbeat Beat = new(
        1, MapVersion.None, [], ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty);

    /// <summary>Hellos that break a rule, with the path that must be named.</summary>
    public static TheoryData<string, string, string> BadHellos => new()
    {
        { "facts.name", "name", "\"two words\"" },
        { "facts.name", "name", $"\"{new string('x', 64)}\"" },
        { "facts.name", "name", "\"\"" },
        { "facts.site", "site", "\"a\\nb\"" },
        { "facts.domain", "domain", "\"-\"" },
        { "facts.segment", "segment", "\"\"" },
        { "facts.capacity-bps", "capacity-bps", "-1" },
        { "facts.capacity-bps", "capacity-bps", "9223372036854775807" },
        { "facts.connections-max", "connections-max", "-1" },
        { "facts.witness-address", "witness-address", "\"224.0.0.1:1\"" },
        { "facts.dns-address", "dns-address", "\"127.0.0.1:0\"" },
        { "facts.api-address", "api-address", "\"[::ffff:10.0.0.1]:1\"" },
    };

    [Theory]
    [MemberData(nameof(BadHellos))]
    public void Hello_that_breaks_a_rule_is_named(string path, string key, string value)
    {
        var hello = JsonNode.Parse(Wire.Encode(Hello))!;
        hello["facts"]![key] = JsonNode.Parse(value);
        Wire.TryDecodeNodeMessage(Bytes(hello.ToJsonString()), out var message).ShouldBeTrue();
        NodeMessageRules.Mistakes(message).ShouldContain(mistake => mistake.Path == path);
    }

    [Fact]
    public async Task Refused_node_is_told_what_is_wrong()
    {
        await using var coordinator = await CoordinatorChild.StartAsync();
        var said = await coordinator.TalkAsync(
            Wire.Encode(Hello with { Facts = Hello.Facts with { Name = new NodeName("two words"), CapacityBps = -5 } }), Wire.Encode(Beat));
        said[0].ShouldContain("refusal");
        said[0].ShouldContain("facts.name");
        said[0].ShouldContain("facts.capacity-bps: found -5, allowed: a whole number of bit/s from 1 to 1000000000000000");
        said[^1].ShouldBe("closed");
        (await coordinator.GetAsync("/v1/nodes")).AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task No_conversation_ends_the_coordinator()
    {
        await using var coordinator = await CoordinatorChild.StartAsync();
        var talks = Conversations().ToArray();
        talks.Length.ShouldBeGreaterThan(200);
        foreach (var some in talks.Chunk(20))
            await Task.WhenAll(some.Select(coordinator.TalkAsync));
        coordinator.IsRunning.ShouldBeTrue(coordinator.Log);
        (await coordinator.TalkAsync(Wire.Encode(Hello with { Facts = Build.Facts("good-9") }), Wire.Encode(Beat)))[0].ShouldContain("welcome");
        var names = (await coordinator.GetAsync("/v1/nodes")).AsArray().Select(n => (string)n!["entry"]!["facts"]!["name"]!).ToArray();
        names.ShouldContain("good-9");
        names.ShouldAllBe(name => name.StartsWith("adc-") || name.StartsWith("good-"));
    }

    private static IEnumerable<byte[][]> Conversations()
    {
        var (hello, beat) = (Wire.Encode(Hello), Wire.Encode(Beat));
        var nodes = 1;
        string[] nonsense =
        [
            "",
            "{",
            "[]",
            "null",
            "5",
            "\"x\"",
            "{}",
            "{\"kind\":\"hello\"}",
            "{\"kind\":\"nobody\"}",
            "{\"kind\":null}",
            "{\"kind\":\"heartbeat\"}",
            "{\"kind\":\"witness-reply\"}",
            "{\"kind\":\"goodbye\"}",
            new string('[', 100_000),
            $"{{\"kind\":{new string('{', 50)}", "{\"kind\":\"\\ud800\"}", "\u0000\u0001",
            "{\"kind\":\"hello\",\"kind\":\"goodbye\"}", Encoding.UTF8.GetString(hello)[..^5],
            "{\"kind\":\"witness-reply\",\"query\":-1,\"node\":\"adc-1\",\"silent-micros\":-9223372036854775808}",
            "{\"kind\":\"witness-reply\",\"query\":1,\"node\":null,\"silent-micros\":1}",
        ];
        foreach (var text in nonsense)
        {
            yield return [Bytes(text)];
            yield return [hello, Bytes(text)];
            yield return [beat, Bytes(text)];
        }

        yield return [hello, hello, hello];
        yield return [beat, hello];
        yield return [[0xff, 0xfe, 0x00]];
        yield return [hello, Wire.Encode(Beat with { Missing = [.. Build.Vips(20_000)] })];
        yield return [hello, Wire.Encode(Beat with { Problems = [.. Enumerable.Repeat("x", 1000)] })];
        var messages = new[]
        {
            hello,
            Wire.Encode(Beat with { Load = Load(1), Feedback = Feedback(50), Busy = Beat.Busy.Add(Build.Vip(1), 1), Verdicts =
                Beat.Verdicts.Add(new BackendKey(new ServiceName("web"), "b"), Verdict.Up) }),
        };
        foreach (var message in messages)
        {
            foreach (var bad in Spoilt(JsonNode.Parse(message)!))
            {
                yield return ReferenceEquals(message, hello)
                    ? [Bytes(bad)]
                    : [Wire.Encode(Hello with { Facts = Build.Facts($"adc-{++nodes}") }), Bytes(bad), beat];
            }
        }
    }

    /// <summary>The message with every one of its values put wrong in several ways.</summary>
    private static IEnumerable<string> Spoilt(JsonNode message)
    {
        foreach (var place in Places(message))
        {
            foreach (var value in new[] { "null", "-1", "9223372036854775807", "1e400", "\"two words\"", "\"\\ud800\"", "{}", "[null]" })
            {
                var spoilt = message.DeepClone();
                var at = place[..^1].Aggregate(spoilt, (node, key) => node![key]!);
                at[place[^1]] = "@here@";
                yield return spoilt.ToJsonString().Replace("\"@here@\"", value, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<string[]> Places(JsonNode? node) => node is not JsonObject members
        ? []
        : members.SelectMany(member => Places(member.Value).Select(place => (string[])[member.Key, .. place]).Prepend([member.Key]));

    private static ImmutableSortedDictionary<VipAddress, VipCounters> Load(long bytes) =>
        ImmutableSortedDictionary<VipAddress, VipCounters>.Empty.Add(Build.Vip(1), new VipCounters(bytes, bytes, 1, 1, 1));

    private static ImmutableSortedDictionary<BackendKey, int> Feedback(int percent) =>
        ImmutableSortedDictionary<BackendKey, int>.Empty.Add(new BackendKey(new ServiceName("web"), "b"), percent);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
