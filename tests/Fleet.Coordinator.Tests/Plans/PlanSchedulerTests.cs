using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Placement.Model;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Plans;

public sealed class PlanSchedulerTests
{
    private static readonly Instant Now = Build.At(60_000);

    private readonly PlanScheduler _scheduler = new();

    private static FleetState State => TestState.StateOf(Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2")]));

    [Fact]
    public void One_plan_is_made_at_a_time_and_another_only_after_a_change_that_matters()
    {
        var order = Order().ShouldNotBeNull();
        Order().ShouldBeNull("one is under way");
        _scheduler.Take(order.Prepare(), TimeSpan.Zero, null);
        Order().ShouldBeNull("nothing has changed");
        Happen(new FleetEvent.VipsServing(Build.Vips(1)), new FleetEvent.StandbysNamed([])).ShouldBeFalse();
        Order().ShouldBeNull("a plan that is carried out asks for no other");
        Happen(new FleetEvent.NodeLost(new NodeName("adc-3"), "test")).ShouldBeTrue();
        Order().ShouldNotBeNull();
    }

    [Fact]
    public void Move_that_ends_where_it_was_to_asks_for_no_plan_and_a_recovery_does()
    {
        Happen(new FleetEvent.VipsMoved([new VipMove(Build.Vip(1), new NodeName("adc-2"), MoveReason.Balance)])).ShouldBeFalse();
        Happen(new FleetEvent.VipsMoved([new VipMove(Build.Vip(1), new NodeName("adc-2"), MoveReason.OwnerLost)])).ShouldBeTrue();
    }

    [Fact]
    public void Of_an_outdated_plan_the_standbys_are_taken_and_the_moves_are_not()
    {
        var order = Order()!;
        Happen(new FleetEvent.NodeJoined(Build.Facts("adc-9")));
        var made = order.Prepare()
            with
        { Moves = [new PreparedMove(Build.Vip(1), new NodeName("adc-1"), new NodeName("adc-2"), MoveReason.Balance, [])] };
        var followed = _scheduler.Take(made, TimeSpan.Zero, null).ShouldNotBeNull();
        followed.Moves.ShouldBeEmpty();
        followed.Standbys.ShouldNotBeEmpty();
        Order().ShouldNotBeNull("the change asks for a new one");
    }

    [Fact]
    public void Planner_that_breaks_is_not_asked_again_before_something_changes()
    {
        Order();
        _scheduler.Take(null, TimeSpan.Zero, "broken").ShouldBeNull();
        _scheduler.Failure.ShouldBe("broken");
        Order().ShouldBeNull();
    }

    [Fact]
    public void Node_that_says_goodbye_or_keeps_failing_is_planned_for_as_what_it_is()
    {
        var observed = TestState.AllHeard(State, Now)
            .With(new NodeName("adc-1"), n => n with { SaidGoodbye = true })
            .With(new NodeName("adc-2"), n => n with { Losses = 2, BackSince = Now - TimeSpan.FromSeconds(14) });
        var nodes = _scheduler.NextRequest(State, observed, Now)!.Problem().Nodes.ToDictionary(n => n.Name.Value, n => n.State);
        nodes.ShouldBe(
            new Dictionary<string, PlanNodeState>
            {
                ["adc-1"] = PlanNodeState.Draining,
                ["adc-2"] = PlanNodeState.Cordoned,
                ["adc-3"] = PlanNodeState.Up,
            },
            ignoreOrder: true);

        _scheduler.Take(null, TimeSpan.Zero, null);
        _scheduler.NextRequest(State, observed, Now).ShouldBeNull();
        _scheduler.NextRequest(State, observed, Now + TimeSpan.FromSeconds(1)).ShouldNotBeNull("adc-2 has been steady for long enough");
    }

    private PlanRequest? Order() => _scheduler.NextRequest(State, TestState.AllHeard(State, Now), Now);

    /// <summary>Returns whether plans made before are outdated.</summary>
    private bool Happen(params FleetEvent[] events)
    {
        var before = _scheduler.Changes;
        foreach (var happened in events)
            _scheduler.Notice(happened);
        _scheduler.Follow(null, State.Map);
        return _scheduler.Changes > before;
    }
}
