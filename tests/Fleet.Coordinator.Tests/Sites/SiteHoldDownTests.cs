using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Sites;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Sites;

/// <summary>Site ams has adc-1 and adc-2, site fra has adc-3 and adc-4; the hold-down is 30 s. Both have been in since 0 s.</summary>
public sealed class SiteHoldDownTests
{
    private static readonly SiteName Ams = new("ams");
    private static readonly SiteName Fra = new("fra");
    private static readonly NodeName[] OfAms = [new("adc-1"), new("adc-2")];
    private static readonly NodeName[] OfFra = [new("adc-3"), new("adc-4")];

    private FleetState _state = TestState.StateOf(Build.Map(
        [Build.NodeAt("adc-1", "ams"), Build.NodeAt("adc-2", "ams"), Build.NodeAt("adc-3", "fra"), Build.NodeAt("adc-4", "fra")],
        [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-3")]));

    private Observed _observed = new() { Began = Build.At(0) };
    private double _seconds;

    public SiteHoldDownTests()
    {
        _observed = TestState.AllHeard(_state, Build.At(0));
        foreach (var name in _state.Map.Nodes.Keys)
            _observed = _observed.With(name, n => n with { FirstHeard = Build.At(0) });
        _observed = _observed with { SiteSince = SiteObservations.Follow(_observed.SiteSince, _state.Map, _state, Build.At(0)) };
        _seconds = 60;
    }

    [Fact]
    public void Site_is_held_at_once_when_its_last_node_is_silent_or_down()
    {
        Happen(new FleetEvent.NodesSuspected([OfAms[0]]));
        Advance().ShouldBeEmpty("adc-2 is heard");
        Happen(new FleetEvent.NodeLost(OfAms[1], "test"));
        Advance().ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.SitesHeldDown>().Sites.ShouldBe([Ams]);
        _state.Map.SiteOf(Ams).HeldDown.ShouldBeTrue();
        Advance().ShouldBeEmpty("it has been said");
    }

    [Fact]
    public void Site_is_released_when_it_has_been_in_for_the_hold_down()
    {
        Cut(OfAms);
        Heal(OfAms);
        Later(29.9);
        Advance().ShouldBeEmpty();
        Later(0.1);
        Advance().ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.SitesReleased>().Sites.ShouldBe([Ams]);
        _state.Map.Sites.ShouldBeEmpty("a site that is well is not in the map");
    }

    [Fact]
    public void Site_that_flaps_every_second_for_two_minutes_is_held_once_and_released_once()
    {
        var changes = new List<FleetEvent>();
        for (var i = 0; i < 60; i++)
        {
            Happen(new FleetEvent.NodesSuspected([.. OfAms]));
            changes.AddRange(Advance());
            Later(1);
            Happen(new FleetEvent.NodesCleared([.. OfAms]));
            changes.AddRange(Advance());
            Later(1);
            changes.AddRange(Advance());
        }

        Later(28.9);
        changes.AddRange(Advance());
        changes.ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.SitesHeldDown>();
        Later(0.2);
        Advance().ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.SitesReleased>();
    }

    [Fact]
    public void Site_that_has_vips_and_serves_none_is_not_in_yet()
    {
        Cut(OfAms);
        _state = _state
            with
        {
            Map = _state.Map with { Vips = _state.Map.Vips.SetItem(Build.Vip(1), Build.Serving(1, "adc-1") with { Phase = VipPhase.Arriving }) },
        };
        Heal(OfAms);
        Later(100);
        Advance().ShouldBeEmpty();
        Happen(new FleetEvent.VipsServing([Build.Vip(1)]));
        Later(29.9);
        Advance().ShouldBeEmpty();
        Later(0.1);
        Advance().ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.SitesReleased>();
    }

    [Fact]
    public void With_all_sites_out_none_is_held()
    {
        Happen(new FleetEvent.NodesSuspected([.. OfAms, .. OfFra]));
        Advance().ShouldBeEmpty();
    }

    [Fact]
    public void Leader_that_was_cut_off_holds_no_site_for_the_order_in_which_nodes_come_back()
    {
        Happen(new FleetEvent.NodesSuspected([.. OfAms, .. OfFra]));
        Later(60);
        Happen(new FleetEvent.NodesCleared([.. OfFra]));
        Later(2.9);
        Advance().ShouldBeEmpty();
        Later(0.1);
        Advance().ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.SitesHeldDown>("by now ams had the time to come");
    }

    [Fact]
    public void No_site_is_held_for_one_whose_nodes_are_suspect_too()
    {
        _observed = OfFra.Aggregate(
            _observed, (seen, name) => seen.With(name, n => n with { LeaseExpiryProof = LeaseExpiryProof.Open(Build.At(59_000)) }));
        Happen(new FleetEvent.NodesSuspected([.. OfAms]));
        Advance().ShouldBeEmpty();
    }

    [Fact]
    public void Fleet_of_one_site_and_hold_down_of_nothing_hold_nothing()
    {
        SetHoldDown(0);
        Happen(new FleetEvent.NodesSuspected([.. OfAms]));
        Advance().ShouldBeEmpty();

        SetHoldDown(30_000);
        foreach (var name in OfFra)
            Happen(new FleetEvent.NodeForgotten(name));
        Advance().ShouldBeEmpty();
    }

    [Fact]
    public void Held_site_is_released_when_it_is_the_only_one_left_or_the_hold_down_is_set_to_nothing()
    {
        Cut(OfAms);
        var before = _state;
        foreach (var name in OfFra)
            Happen(new FleetEvent.NodeForgotten(name));
        Advance().ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.SitesReleased>();
        _state = before;
        SetHoldDown(0);
        Advance().ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.SitesReleased>();
    }

    [Fact]
    public void Site_whose_last_node_is_forgotten_is_forgotten_too()
    {
        Cut(OfAms);
        Happen(new FleetEvent.NodeForgotten(OfAms[0]));
        _state.Map.Sites.Keys.ShouldBe([Ams]);
        Happen(new FleetEvent.NodeForgotten(OfAms[1]));
        _state.Map.Sites.ShouldBeEmpty();
    }

    [Fact]
    public void Drained_site_is_in()
    {
        foreach (var name in OfAms)
            Happen(new FleetEvent.NodeIntended(name, NodeIntent.Draining));
        Advance().ShouldBeEmpty();
    }

    [Fact]
    public void New_leader_begins_the_hold_down_anew()
    {
        Cut(OfAms);
        Heal(OfAms);
        Later(29);
        var leader = new Leader(2, _state, Build.At(_seconds * 1000));
        leader.Observed.SiteSince[Ams].ShouldBe(Build.At(_seconds * 1000));
    }

    private void Cut(NodeName[] nodes)
    {
        Happen(new FleetEvent.NodesSuspected([.. nodes]));
        Advance().ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.SitesHeldDown>();
    }

    private void Heal(NodeName[] nodes)
    {
        Happen(new FleetEvent.NodesCleared([.. nodes]));
        Advance().ShouldBeEmpty();
    }

    private void Later(double more) => _seconds += more;

    private void SetHoldDown(int ms) =>
        Happen(new FleetEvent.PolicySet(_state.Map.Policy with { Zone = _state.Map.Policy.Zone with { HoldDownMs = ms } }));

    private void Happen(FleetEvent happened)
    {
        var parent = _state.Map;
        _state = Evolver.Evolve(_state, happened, 2);
        _observed = _observed with { SiteSince = SiteObservations.Follow(_observed.SiteSince, parent, _state, Build.At(_seconds * 1000)) };
    }

    private ImmutableArray<FleetEvent> Advance()
    {
        var events = SiteHoldDown.Advance(_state, _observed, Build.At(_seconds * 1000)).ToImmutableArray();
        foreach (var happened in events)
            Happen(happened);
        return events;
    }
}
