using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Explanations;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Explanations;

/// <summary>Every reason for which a node is given nothing, and what ends it.</summary>
public sealed class NodeIdlenessTests
{
    private static readonly Instant Now = Build.At(1_000_000);
    private static readonly NodeName Idle = new("adc-9");

    [Fact]
    public void Node_that_has_vips_waits_for_nothing() => Why(Build.Map([Build.Node("adc-9")], [Build.Serving(1, "adc-9")])).ShouldBeNull();

    [Fact]
    public void Node_that_was_lost_often_and_is_heard_waits_out_its_delay()
    {
        var why = Why(
            Fleet(n => n with { Presence = NodePresence.Down }),
            seen: n => n with { Losses = 4, LastLost = Now - TimeSpan.FromSeconds(3) }).ShouldNotBeNull();
        (why.Kind, why.Until).ShouldBe(("flap-damping", Now + TimeSpan.FromSeconds(5)));
        why.Text.ShouldContain("was lost 4 times");
        why.Ends.ShouldBe("To end it now: pbm node undrain adc-9.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void Node_that_is_down_and_heard_and_owes_no_delay_is_coming_back(int secondsAgo) =>
        Why(
            Fleet(n => n with { Presence = NodePresence.Down }),
            seen: n => n with { Losses = secondsAgo == 0 ? 1 : 4, LastLost = Now - TimeSpan.FromSeconds(secondsAgo) })!.Kind.ShouldBe("returning");

    [Fact]
    public void Node_that_is_down_and_not_heard_is_lost() =>
        Why(
            Fleet(n => n with { Presence = NodePresence.Down }),
            seen: n => n with { Connection = null, LastHeard = Instant.Never })!.Kind.ShouldBe("lost");

    [Fact]
    public void Node_that_came_back_after_many_losses_is_given_nothing_by_plan_until_it_has_been_steady()
    {
        var why = Why(Fleet(), seen: n => n with { Losses = 3, BackSince = Now - TimeSpan.FromSeconds(10) }).ShouldNotBeNull();
        (why.Kind, why.Until).ShouldBe(("probation", Now + TimeSpan.FromSeconds(20)));
        why.Ends.ShouldContain("pbm node undrain adc-9");
        Why(
            Build.Map([Build.Node("adc-9")], [Build.Serving(1, "adc-9")]),
            n => n with { Losses = 3, BackSince = Now })!.Kind.ShouldBe("probation", "it has VIPs, and is given no more");
    }

    [Fact]
    public void Node_that_could_not_hold_vips_says_of_which_service_and_until_when()
    {
        var failure = new HoldFailure(2, Now - TimeSpan.FromSeconds(5), Lasts: false, IsOver: false);
        var why = Why(Fleet(), seen: n => n with { Failures = n.Failures.Add(new ServiceName("web"), failure) }).ShouldNotBeNull();
        (why.Kind, why.Until).ShouldBe(("cannot-hold", Now + TimeSpan.FromSeconds(15)));
        why.Text.ShouldBe("it could not hold VIPs of web, so it is given none of them while others may have them");
        why.Ends.ShouldBe("Its log says why it cannot bind them. To end it now: pbm node undrain adc-9.");
    }

    [Theory]
    [InlineData(NodeIntent.Cordoned, "cordoned")]
    [InlineData(NodeIntent.Draining, "draining")]
    [InlineData(NodeIntent.Leaving, "leaving")]
    public void Node_that_an_operator_wants_nothing_of_says_so(NodeIntent intent, string kind)
    {
        var why = Why(Fleet(n => n with { Intent = intent })).ShouldNotBeNull();
        (why.Kind, why.Until, why.Ends).ShouldBe((kind, null, "To end it now: pbm node undrain adc-9."));
    }

    [Fact]
    public void Draining_node_says_how_much_it_has_left() =>
        Why(
            Build.Map(
                [Build.Node("adc-9") with { Intent = NodeIntent.Draining }],
                [Build.Serving(1, "adc-9")]))!.Text.ShouldBe("it is drained and hands over the 1 VIP(s) it has left");

    [Fact]
    public void Node_that_said_goodbye_needs_its_agent_started() =>
        Why(Fleet(), seen: n => n with { SaidGoodbye = true })!.Kind.ShouldBe("said-goodbye");

    [Fact]
    public void Node_that_is_not_heard_is_suspect_and_one_that_comes_back_from_it_silent()
    {
        Why(Fleet(), seen: n => n with { LastHeard = Now - TimeSpan.FromSeconds(2) })!.Text.ShouldBe("it has not been heard for 2.0 s");
        Why(Fleet(n => n with { Suspected = true }))!.Kind.ShouldBe("suspected");
    }

    [Fact]
    public void Node_of_a_site_that_is_held_waits_out_the_hold_down()
    {
        var map = Fleet();
        map = map with { Sites = map.Sites.SetItem(new("here"), new SiteEntry(new("here"), HeldDown: true)) };
        var state = TestState.StateOf(map);
        var observed = TestState.AllHeard(state, Now)
            with
        { SiteSince = ImmutableSortedDictionary<SiteName, Instant>.Empty.Add(new("here"), Now - TimeSpan.FromSeconds(10)) };
        var why = new NodeIdleness(state, observed, null, Now).Explain(map.Nodes[Idle]).ShouldNotBeNull();
        (why.Kind, why.Until).ShouldBe(("site-held", Now + TimeSpan.FromMilliseconds(map.Policy.Zone.HoldDownMs - 10_000)));
    }

    [Fact]
    public void Fleet_without_vips_has_nothing_to_give() => Why(Build.Map([Build.Node("adc-9")]))!.Kind.ShouldBe("no-vips");

    [Fact]
    public void Node_of_a_site_that_no_service_may_lie_in_says_which()
    {
        var map = Build.Map([Build.NodeAt("adc-9", "far"), Build.Node("adc-1")], [Build.Serving(1, "adc-1")]);
        map = map with { Services = map.Services.SetItem(new("web"), map.Services[new("web")] with { Site = new("here") }) };
        var why = Why(map).ShouldNotBeNull();
        (why.Kind, why.Text).ShouldBe(("no-service", "no service may lie in its site far"));
    }

    [Fact]
    public void Node_that_is_somebodys_heir_waits_for_what_is_on_its_way() =>
        Why(Fleet(vip: v => v with { Phase = VipPhase.Draining, Successor = Idle }))!.Text.ShouldBe("1 VIP(s) are on their way to it");

    [Fact]
    public void Fleet_that_has_never_placed_anything_waits_for_its_nodes()
    {
        var map = Build.Map([Build.Node("adc-9")], [Build.Unplaced(1) with { Since = 0 }]);
        Why(map, n => n with { FirstHeard = Now - TimeSpan.FromMilliseconds(500) })!.Kind.ShouldBe("forming");
    }

    [Fact]
    public void Vips_that_nobody_serves_come_first() => Why(Fleet(more: Build.Unplaced(2) with { Since = 1 }))!.Kind.ShouldBe("recovery");

    [Fact]
    public void Planner_that_failed_is_said() => Why(Fleet(), plan: "out of cheese")!.Text.ShouldBe("no plan could be made: out of cheese");

    [Fact]
    public void Plan_that_is_being_made_and_one_that_is_being_followed()
    {
        Why(Fleet(), hasPlan: false)!.Kind.ShouldBe("planning");
        Why(
            Fleet(),
            moves: [new PreparedMove(Build.Vip(1), new("adc-1"), Idle, MoveReason.Balance, [])])!.Text.ShouldStartWith("1 VIP(s) come to it by plan");
    }

    [Fact]
    public void Node_for_which_there_is_nothing_stands_by()
    {
        Why(Fleet())!.Text.ShouldBe("the fleet has 1 VIP(s) for 2 nodes; it stands by");
        Why(Fleet(more: Build.Serving(2, "adc-1")))!.Kind.ShouldBe("balanced");
    }

    [Fact]
    public void Undrain_lets_a_node_that_was_lost_often_back_at_once()
    {
        var map = Fleet(n => n with { Presence = NodePresence.Down });
        var state = TestState.StateOf(map);
        var observed = TestState.AllHeard(state, Now).With(Idle, n => n with { Losses = 5, LastLost = Now });
        FlapDamping.Readmit(state, observed, Now).ShouldBeEmpty();
        var accepted = Decider.Decide(state, observed, new Command.Intend(Idle, NodeIntent.Active), Now).ShouldBeOfType<Decision.Accepted>();
        accepted.Text.ShouldBe("Node adc-9 is taking its share; the 5 times it was lost are forgiven.");
        accepted.Events.ShouldBe([new FleetEvent.NodeIntended(Idle, NodeIntent.Active)]);
        FlapDamping.Readmit(state, observed.With(Idle, FlapDamping.Forgive), Now).ShouldBe([new FleetEvent.NodeReturned(Idle)]);
        Decider
            .Decide(state, observed.With(Idle, FlapDamping.Forgive), new Command.Intend(Idle, NodeIntent.Active), Now)
            .ShouldBeOfType<Decision.Accepted>().Events
            .ShouldBeEmpty();
    }

    /// <summary>The node in question without VIPs, beside one that has one.</summary>
    private static FleetMap Fleet(Func<NodeEntry, NodeEntry>? change = null, Func<VipEntry, VipEntry>? vip = null, VipEntry? more = null)
    {
        VipEntry[] vips = [(vip ?? (v => v))(Build.Serving(1, "adc-1") with { Since = 1 })];
        return Build.Map([Build.Node("adc-1"), (change ?? (n => n))(Build.Node("adc-9"))], more is null ? vips : [.. vips, more]);
    }

    private static Idleness? Why(
        FleetMap map,
        Func<NodeObserved, NodeObserved>? seen = null,
        string? plan = null,
        bool hasPlan = true,
        ImmutableArray<PreparedMove>? moves = null)
    {
        var state = TestState.StateOf(map);
        var observed = TestState.AllHeard(state, Now).With(Idle, seen ?? (n => n));
        var prepared = new PlanRequest(1, map, PlanRequest.Seen(state, observed, Now));
        return new NodeIdleness(
            state,
            hasPlan ? observed with { Plan = prepared.Prepare() with { Moves = moves ?? [] } } : observed,
            plan,
            Now).Explain(map.Nodes[Idle]);
    }
}
