using System.Collections.Immutable;
using Fleet.Coordinator.Planning;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Placement.Model;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Planning;

public sealed class PlanSchedulerTests
{
    private static readonly Instant Now = Build.At(60_000);

    private readonly PlanScheduler desk = new();

    private static FleetState State => Sight.Of(Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2")]));

    [Fact]
    public void One_plan_is_made_at_a_time_and_another_only_after_a_change_that_matters()
    {
        var order = Order().ShouldNotBeNull();
        Order().ShouldBeNull("one is under way");
        desk.Take(PreparedPlan.Make(order), TimeSpan.Zero, null);
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
        var made = PreparedPlan.Make(order) with { Moves = [new PreparedMove(Build.Vip(1), new NodeName("adc-1"), new NodeName("adc-2"), MoveReason.Balance, [])] };
        var followed = desk.Take(made, TimeSpan.Zero, null).ShouldNotBeNull();
        followed.Moves.ShouldBeEmpty();
        followed.Standbys.ShouldNotBeEmpty();
        Order().ShouldNotBeNull("the change asks for a new one");
    }

    [Fact]
    public void Planner_that_breaks_is_not_asked_again_before_something_changes()
    {
        Order();
        desk.Take(null, TimeSpan.Zero, "broken").ShouldBeNull();
        desk.Failure.ShouldBe("broken");
        Order().ShouldBeNull();
    }

    [Fact]
    public void Node_that_says_goodbye_or_keeps_failing_is_planned_for_as_what_it_is()
    {
        var observed = Sight.AllHeard(State, Now)
            .With(new NodeName("adc-1"), n => n with { SaidGoodbye = true })
            .With(new NodeName("adc-2"), n => n with { Losses = 2, BackSince = Now - TimeSpan.FromSeconds(14) });
        var nodes = desk.Order(State, observed, Now)!.Problem().Nodes.ToDictionary(n => n.Name.Value, n => n.State);
        nodes.ShouldBe(ImmutableDictionary<string, PlanNodeState>.Empty.Add("adc-1", PlanNodeState.Draining).Add("adc-2", PlanNodeState.Cordoned).Add("adc-3", PlanNodeState.Up), ignoreOrder: true);

        desk.Take(null, TimeSpan.Zero, null);
        desk.Order(State, observed, Now).ShouldBeNull();
        desk.Order(State, observed, Now + TimeSpan.FromSeconds(1)).ShouldNotBeNull("adc-2 has been steady for long enough");
    }

    private PlanRequest? Order() => desk.Order(State, Sight.AllHeard(State, Now), Now);

    private bool Happen(params FleetEvent[] events) => desk.Notice(new JournalEntry(2, 1, DateTimeOffset.UnixEpoch, "test", [.. events]));
}
