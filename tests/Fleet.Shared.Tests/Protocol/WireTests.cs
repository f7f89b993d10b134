using System.Collections.Immutable;
using System.Reflection;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Tests.Protocol;

public sealed class WireTests
{
    private static readonly FleetMap Map = Build.Map(Build.Nodes(2), [Build.Serving(1, "adc-1")]);

    private static readonly ImmutableArray<NodeMessage> Ups =
    [
        new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.First, new MapVersion(1, 2)),
        new NodeMessage.Heartbeat(
            3,
            new MapVersion(1, 2),
            Build.Vips(2),
            ImmutableSortedDictionary<VipAddress, int>.Empty.Add(Build.Vip(1), 4),
            ImmutableSortedDictionary<BackendKey, Verdict>.Empty.Add(new BackendKey(new ServiceName("web"), "b1"), Verdict.Down),
            ImmutableSortedDictionary<VipAddress, VipCounters>.Empty.Add(Build.Vip(1), new VipCounters(1, 2, 3, 4, 5))),
        new NodeMessage.WitnessReply(9, [new NodeSilence(new NodeName("adc-2"), 450_000)]),
        new NodeMessage.Goodbye(),
    ];

    private static readonly ImmutableArray<LeaderMessage> Downs =
    [
        new LeaderMessage.Welcome(4, LeaseTerms.Default),
        new LeaderMessage.Ack(3, new MapVersion(4, 7)),
        new LeaderMessage.Full(Map),
        new LeaderMessage.Change(MapDelta.Between(FleetMap.Empty, Map)),
        new LeaderMessage.WitnessQuery(9, [new NodeName("adc-2"), new NodeName("adc-3")], [new NodeName("adc-3")]),
        new LeaderMessage.Refusal("no", 5000),
        new LeaderMessage.Refusal("never", null),
        new LeaderMessage.Redirect("192.0.2.9:7000"),
    ];

    [Fact]
    public void Every_message_has_a_sample_here()
    {
        Names(typeof(NodeMessage)).ShouldBe(Ups.Select(m => m.GetType().Name).Distinct().Order());
        Names(typeof(LeaderMessage)).ShouldBe(Downs.Select(m => m.GetType().Name).Distinct().Order());
    }

    [Fact]
    public void Every_message_survives_the_wire()
    {
        foreach (var message in Ups)
        {
            Wire.TryDecodeNodeMessage(Wire.Encode(message), out var read).ShouldBeTrue(message.ToString());
            read.ShouldBeOfType(message.GetType());
            Wire.Encode(read).ShouldBe(Wire.Encode(message));
        }

        foreach (var message in Downs)
        {
            Wire.TryDecodeLeaderMessage(Wire.Encode(message), out var read).ShouldBeTrue(message.ToString());
            read.ShouldBeOfType(message.GetType());
            Wire.Encode(read).ShouldBe(Wire.Encode(message));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"kind\":\"shout\"}")]
    [InlineData("{\"kind\":\"reply\",\"query\":\"x\"}")]
    [InlineData("{\"kind\":\"heartbeat\",\"missing\":[\"not-an-address\"]}")]
    [InlineData("[1,2")]
    [InlineData("{\"kind\":\"heartbeat\",\"seq\":1}")]
    [InlineData("{\"kind\":\"heartbeat\",\"seq\":1,\"applied\":{\"term\":1,\"revision\":1},\"missing\":null,\"busy\":{},\"verdicts\":{}}")]
    [InlineData("{\"kind\":\"heartbeat\",\"seq\":1,\"applied\":{\"term\":1,\"revision\":1},\"missing\":[],\"busy\":null,\"verdicts\":{}}")]
    [InlineData("{\"kind\":\"hello\",\"schema\":1,\"facts\":null,\"incarnation\":\"x\",\"applied\":{\"term\":1,\"revision\":1}}")]
    [InlineData("{\"kind\":\"hello\",\"schema\":1,\"facts\":{\"name\":\"adc-1\"},\"incarnation\":\"x\",\"applied\":{\"term\":1,\"revision\":1}}")]
    public void What_is_no_message_is_refused_without_an_exception(string text) =>
        Wire.TryDecodeNodeMessage(System.Text.Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void Unknown_fields_are_ignored() =>
        Wire.TryDecodeNodeMessage("{\"kind\":\"goodbye\",\"because\":\"why not\"}"u8, out _).ShouldBeTrue();

    private static IEnumerable<string> Names(Type family) => family.GetNestedTypes(BindingFlags.Public).Select(t => t.Name).Order();
}
