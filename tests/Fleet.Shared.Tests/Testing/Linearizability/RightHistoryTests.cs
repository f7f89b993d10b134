using Fleet.Shared.Map;
using Fleet.Testing.Linearizability;
using static Fleet.Shared.Tests.Testing.Linearizability.Script;

namespace Fleet.Shared.Tests.Testing.Linearizability;

public sealed class RightHistoryTests
{
    [Fact]
    public void Nothing_happened() => new Script().IsRight();

    [Fact]
    public void One_operator_changes_and_reads() => new Script()
        .Read("op-1", 0, 1, Saw(1, ""))
        .Do("op-1", 2, 3, Apply("a", "x"), Done(2))
        .Read("op-1", 4, 5, Saw(2, "a=x"))
        .Do("op-1", 6, 7, Apply("a", "x"), SoAlready(2))
        .Do("op-1", 8, 9, Apply("a", "y"), Done(5))
        .Do("op-1", 10, 11, Remove("a"), Done(6))
        .Do("op-1", 12, 13, Remove("a"), Refused(Refusal.NotThere))
        .Read("op-1", 14, 15, Saw(9, ""))
        .IsRight();

    [Fact]
    public void Overlapping_changes_are_done_in_any_order() => new Script()
        .Do("op-1", 0, 100, Apply("a", "x"), Done(3))
        .Do("op-2", 50, 60, Apply("a", "y"), Done(2))
        .Read("op-3", 55, 95, Saw(2, "a=y"))
        .Read("op-3", 110, 120, Saw(3, "a=x"))
        .IsRight();

    [Fact]
    public void Read_beside_a_change_sees_it_or_not() => new Script()
        .Do("op-1", 0, 100, Apply("a", "x"), Done(2))
        .Read("op-2", 10, 20, Saw(1, ""))
        .Read("op-3", 10, 20, Saw(2, "a=x"))
        .IsRight();

    [Fact]
    public void Unknown_change_is_seen_late() => new Script()
        .Lost("op-1", 0, Apply("a", "x"))
        .Read("op-1", 10, 20, Saw(1, ""))
        .Do("op-2", 30, 40, Apply("a", "y"), Done(2))
        .Read("op-2", 50, 60, Saw(2, "a=y"))
        .Read("op-2", 70, 80, Saw(3, "a=x"))
        .IsRight();

    [Fact]
    public void Unknown_change_never_happened() => new Script()
        .Lost("op-1", 0, Apply("a", "x"))
        .Lost("op-2", 0, Remove("b"))
        .Read("op-1", 10, 20, Saw(1, ""))
        .Do("op-2", 30, 40, Apply("b", "y"), Done(2))
        .Read("op-2", 50, 60, Saw(2, "b=y"))
        .IsRight();

    [Fact]
    public void Unknown_change_happened_before_the_coordinator_was_dead() => new Script()
        .Do("op-1", 0, 10, Apply("a", "x"), Done(2))
        .Lost("op-1", 20, Apply("a", "y"), until: 50)
        .Read("op-2", 60, 70, Saw(4, "a=y", term: 2))
        .IsRight();

    [Fact]
    public void Unknown_changes_to_one_value_are_each_used_once() => new Script()
        .Lost("op-1", 0, Apply("a", "x"), until: 30)
        .Lost("op-2", 0, Apply("a", "x"), until: 1000)
        .Read("op-3", 10, 20, Saw(1, "a=x"))
        .Do("op-3", 40, 50, Remove("a"), Done(3))
        .Read("op-3", 60, 70, Saw(4, "a=x"))
        .IsRight();

    [Fact]
    public void Unknown_conditional_change_has_the_revision_after_the_one_it_named() => new Script()
        .Lost("op-1", 0, Apply("a", "x", V(7)))
        .Read("op-2", 10, 20, Saw(7, ""))
        .Read("op-2", 30, 40, Saw(8, "a=x"))
        .IsRight();

    [Fact]
    public void Conditional_changes_are_done_at_their_version_or_refused() => new Script()
        .Read("op-1", 0, 1, Saw(5, ""))
        .Do("op-1", 10, 20, Apply("a", "x", V(5)), Done(6))
        .Do("op-2", 10, 20, Apply("a", "y", V(5)), Refused(Refusal.Stale))
        .Do("op-2", 30, 40, Apply("a", "x", V(6)), SoAlready(6))
        .Do("op-2", 50, 60, Apply("a", "x", V(6)), SoAlready(7))
        .IsRight();

    [Fact]
    public void Conditional_change_is_refused_when_the_fleet_moved_on_by_itself() => new Script()
        .Read("op-1", 0, 1, Saw(5, ""))
        .Do("op-1", 10, 20, Apply("a", "y", V(5)), Refused(Refusal.Stale))
        .Read("op-1", 30, 40, Saw(6, ""))
        .IsRight();

    [Fact]
    public void Rule_refuses_at_any_time_and_changes_nothing() => new Script()
        .Do("op-1", 0, 10, Apply("a", "x"), Refused(Refusal.Rule))
        .Do("op-1", 20, 30, Remove("a"), Refused(Refusal.NotThere))
        .IsRight();

    [Fact]
    public void Answers_without_a_version_fit_between_those_that_have_one() => new Script()
        .Do("op-1", 0, 10, Apply("a", "x"), Done(2))
        .Read("op-2", 5, 25, SawOne("a", "x"))
        .Do("op-1", 20, 30, Apply("a", "y"), Done(3))
        .Read("op-2", 26, 40, SawOne("a", "y"))
        .IsRight();

    [Fact]
    public void Nodes_join_leave_and_are_forgotten_by_themselves() => new Script()
        .Read("op-1", 0, 1, SawNode(1, null))
        .Read("op-1", 2, 3, SawNode(2, NodeIntent.Active))
        .Do("op-1", 4, 5, Intend(NodeIntent.Draining), Done(3))
        .Do("op-1", 6, 7, Intend(NodeIntent.Leaving), Done(4))
        .Read("op-1", 8, 9, SawNode(4, null))
        .Do("op-1", 10, 11, Intend(NodeIntent.Cordoned), Refused(Refusal.NotThere))
        .Do("op-1", 12, 13, Intend(NodeIntent.Active), SoAlready(9))
        .Do("op-1", 14, 15, Intend(NodeIntent.Active), Done(10))
        .IsRight();

    [Fact]
    public void Policy_is_whatever_is_seen_first() => new Script()
        .Read("op-1", 0, 1, new Outcome.Saw(Observation.One(Item.Policy, "p", V(1))))
        .Do("op-1", 2, 3, Operation.SetPolicy("q"), Done(2))
        .Read("op-1", 4, 5, new Outcome.Saw(Observation.One(Item.Policy, "q", V(2))))
        .IsRight();

    [Fact]
    public void History_begins_with_what_was_there() => new Script(Services(V(40, 3), "a=x"))
        .Do("op-1", 0, 1, Apply("a", "x"), new Outcome.Done(V(40, 3), Changed: false))
        .Do("op-1", 2, 3, Remove("a"), Done(41, 3))
        .IsRight();

    [Fact]
    public void One_operators_next_call_follows_its_last_within_a_microsecond() => new Script()
        .Do("op-1", 0, 10, Apply("a", "x"), Done(2))
        .Read("op-1", 10, 10, Saw(2, "a=x"))
        .IsRight();
}
