using Fleet.Coordinator.Membership;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Membership;

public sealed class DetectionBoundTests
{
    [Fact]
    public void Bound_is_lease_margin_two_round_trips_of_the_farthest_and_one_of_its_witnesses() =>
        Bound(link: 20, watch: 5).Total.ShouldBe(TimeSpan.FromMilliseconds(400 + 50 + 40 + 5 + 60));

    [Fact]
    public void Farthest_nodes_are_named_and_nodes_that_are_down_do_not_count()
    {
        var bound = Bound(20, 5);
        bound.LinkFarthest.ShouldBe(new NodeName("adc-2"));
        bound.WitnessFarthest.ShouldBe(new NodeName("adc-3"));
    }

    [Theory]
    [InlineData(200, 0, 0)]
    [InlineData(201, 0, 550)]
    [InlineData(10, 350, 650)]
    [InlineData(400, 10, 700)]
    public void Lease_leaves_room_for_one_lost_heartbeat_or_a_longer_one_is_named(int linkMs, int witnessMs, int neededMs) =>
        (Bound(linkMs, witnessMs).LeaseNeeded ?? TimeSpan.Zero).ShouldBe(TimeSpan.FromMilliseconds(neededMs));

    private static DetectionBound Bound(double link, double watch)
    {
        var state = TestState.StateOf(
            Build.Map(
                [Build.Node("adc-1"), Build.Node("adc-2"), Build.Node("adc-3"), Build.Node("adc-4", presence: Fleet.Shared.Map.NodePresence.Down)]));
        var observed = TestState.AllHeard(state, Build.At(0))
            .With(
                new NodeName("adc-1"),
                n => n with { LinkRoundTrip = TimeSpan.FromMilliseconds(1), WitnessRoundTrip = TimeSpan.FromMilliseconds(0.5) })
            .With(new NodeName("adc-2"), n => n with { LinkRoundTrip = TimeSpan.FromMilliseconds(link) })
            .With(new NodeName("adc-3"), n => n with { WitnessRoundTrip = TimeSpan.FromMilliseconds(watch) })
            .With(new NodeName("adc-4"), n => n with { LinkRoundTrip = TimeSpan.FromSeconds(9), WitnessRoundTrip = TimeSpan.FromSeconds(9) });
        return DetectionBound.Compute(state, observed);
    }
}
