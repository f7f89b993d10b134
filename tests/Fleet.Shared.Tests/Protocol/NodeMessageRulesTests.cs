using System.Collections.Immutable;
using Fleet.Shared.Gate;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Tests.Protocol;

public sealed class NodeMessageRulesTests
{
    private static readonly NodeMessage.Heartbeat Beat = new(
        3, new MapVersion(1, 2), [], ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty);

    [Fact]
    public void Sound_heartbeat_has_no_mistakes() => NodeMessageRules.Mistakes(Beat).ShouldBeEmpty();

    [Fact]
    public void Numbers_that_no_node_can_mean_are_named_with_their_place()
    {
        Paths(Beat with { LinkRoundTripMicros = -1 }).ShouldBe(["link-round-trip-micros"]);
        Paths(Beat with { WitnessRoundTripMicros = long.MaxValue }).ShouldBe(["witness-round-trip-micros"]);
        Paths(Beat with { Applied = new MapVersion(-1, 2) }).ShouldBe(["applied.term"]);
        Paths(Beat with { Seq = -1 }).ShouldBe(["seq"]);
        Paths(new NodeMessage.WitnessReply(1, [new NodeSilence(new NodeName("adc-2"), -5)])).ShouldBe(["nodes[0].silent-micros"]);
    }

    [Fact]
    public void Lists_have_a_bound_and_must_be_there()
    {
        Paths(Beat with { Missing = [.. Enumerable.Repeat(Build.Vip(1), Limits.ListMax + 1)] }).ShouldBe(["missing"]);
        Paths(Beat with { Missing = default }).ShouldBe(["missing"]);
        Paths(new NodeMessage.WitnessReply(1, default)).ShouldBe(["nodes"]);
    }

    private static IEnumerable<string> Paths(NodeMessage message) => NodeMessageRules.Mistakes(message).Select(mistake => mistake.Path);
}
