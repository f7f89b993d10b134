using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.State;

/// <summary>adc-1 says now and then that it cannot hold VIP 1 of web.</summary>
public sealed class HoldFailuresTests
{
    private static readonly ServiceName Web = new("web");
    private static readonly FleetMap Map = Build.Map(Build.Nodes(2), [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-1")]);
    private static readonly NodeObserved Fresh = new() { LastHeard = Build.At(0) };
    private static readonly ImmutableArray<VipAddress> One = [Build.Vip(1)];

    [Fact]
    public void What_is_over_within_half_a_second_is_no_failure()
    {
        var node = Hear(Hear(Fresh, One, 0), One, 499);
        HoldFailures.IsFailing(node, Web, Build.At(499)).ShouldBeFalse();
        Hear(node, [], 600).Failures.ShouldBeEmpty();
        HoldFailures.IsFailing(Hear(node, One, 500), Web, Build.At(500)).ShouldBeTrue();
    }

    [Fact]
    public void Since_when_is_counted_by_vip_and_from_its_first_report_in_a_row()
    {
        var node = Hear(Hear(Hear(Fresh, One, 0), Build.Vips(2), 100), Build.Vips(2), 300);
        node.MissingSince.Values.ShouldBe([Build.At(0), Build.At(100)]);
        Hear(Hear(node, [], 400), One, 500).MissingSince.Values.ShouldBe([Build.At(500)]);
    }

    [Fact]
    public void It_is_held_against_the_node_from_its_last_report_on_and_for_that_service_alone()
    {
        var node = Hear(Failed(Fresh, 0), [], 3000);
        HoldFailures.IsFailing(node, Web, Build.At(10_499)).ShouldBeTrue();
        HoldFailures.IsFailing(node, Web, Build.At(10_500)).ShouldBeFalse();
        HoldFailures.IsFailing(node, new ServiceName("api"), Build.At(501)).ShouldBeFalse();
        HoldFailures.Until(node, Build.At(501)).ShouldBe(Build.At(10_500));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 40)]
    [InlineData(4, 60)]
    [InlineData(1000, 60)]
    public void Each_failure_is_held_against_it_for_longer_up_to_a_minute(int times, int seconds) =>
        HoldFailures.Probation(times).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Failure_that_lasts_counts_once_and_one_that_comes_again_twice()
    {
        Hear(Failed(Fresh, 0), One, 700).Failures[Web].Times.ShouldBe(1);
        Failed(Hear(Failed(Fresh, 0), [], 700), 60_000).Failures[Web].Times.ShouldBe(2);
        Failed(Hear(Failed(Fresh, 0), [], 700), 601_000).Failures[Web].Times.ShouldBe(1, "ten minutes without are forgiveness");
    }

    [Fact]
    public void Node_that_serves_a_vip_of_the_service_again_has_proven_itself()
    {
        var node = Failed(Fresh, 0);
        HoldFailures.IsUnproven(HoldFailures.Prove(node, Web), Web).ShouldBeTrue("it fails still");
        node = Hear(node, [], 600);
        HoldFailures.IsUnproven(node, Web).ShouldBeTrue();
        HoldFailures.IsUnproven(HoldFailures.Prove(node, Web), Web).ShouldBeFalse();
        HoldFailures.IsUnproven(Failed(HoldFailures.Prove(node, Web), 20_000), Web).ShouldBeTrue();
    }

    [Fact]
    public void Undrain_forgives()
    {
        var node = Hear(Failed(Fresh, 0), [], 600);
        FlapDamping.IsHeldAgainst(node).ShouldBeTrue();
        HoldFailures.IsFailing(FlapDamping.Forgive(node), Web, Build.At(600)).ShouldBeFalse();
        var state = TestState.StateOf(Map);
        var observed = TestState.AllHeard(state, Build.At(600)).With(new NodeName("adc-1"), n => n with { Failures = node.Failures });
        Decider.Decide(state, observed, new Command.Intend(new NodeName("adc-1"), NodeIntent.Active), Build.At(600))
            .ShouldBeOfType<Decision.Accepted>().Text
            .ShouldBe("Node adc-1 is taking its share; that it could not hold VIPs is forgiven.");
    }

    [Fact]
    public void Roster_hears_it_and_whoever_says_hello_anew_starts_anew()
    {
        var one = new NodeName("adc-1");
        var roster = new Roster(Build.At(0));
        roster.Join(one, 1, Build.By, new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.First, MapVersion.None), Build.At(1));
        var beat = new NodeMessage.Heartbeat(
            1, Map.Version, One, ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty);
        roster.Beat(one, beat, Map, Build.At(100));
        roster.Beat(one, beat, Map, Build.At(900));
        roster.Observed.Uneasy.ShouldContain(one);
        HoldFailures.IsFailing(roster.Observed.Node(one), Web, Build.At(900)).ShouldBeTrue();
        roster.Join(one, 2, Build.By, new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.Second, MapVersion.None), Build.At(1000));
        roster.Observed.Node(one).MissingSince.ShouldBeEmpty();
        HoldFailures.IsFailing(roster.Observed.Node(one), Web, Build.At(1000)).ShouldBeTrue();
        roster.Beat(one, beat with { Missing = [] }, Map, Build.At(1100));
        var arriving = Map with { Vips = Map.Vips.SetItem(Build.Vip(1), Map.Vips[Build.Vip(1)] with { Phase = VipPhase.Arriving, Since = 2 }) };
        roster.Notice(arriving, Map, [Build.Vip(1)], Build.At(1200));
        HoldFailures.IsUnproven(roster.Observed.Node(one), Web).ShouldBeFalse("a VIP of it is served there");
    }

    private static NodeObserved Failed(NodeObserved node, double at) => Hear(Hear(node, One, at), One, at + 500);

    private static NodeObserved Hear(NodeObserved node, ImmutableArray<VipAddress> missing, double at) =>
        HoldFailures.Hear(node, missing, Map, Build.At(at));
}
