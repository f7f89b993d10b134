using Fleet.Shared.Map;
using Fleet.Testing.Linearizability;
using static Fleet.Shared.Tests.Testing.Linearizability.Script;

namespace Fleet.Shared.Tests.Testing.Linearizability;

/// <summary>Each is wrong in one way, and the calls that show it are found among others.</summary>
public sealed class WrongHistoryTests
{
    private const string NoOrder = "No order of these calls explains";

    [Fact]
    public void Lost_update() => Noisy()
        .Do("op-1", 100, 110, Apply("a", "x"), Done(20))
        .Do("op-2", 120, 130, Apply("a", "y"), Done(21))
        .Read("op-3", 140, 150, Saw(22, "a=x b=2"))
        .IsWrong(NoOrder, 2, 3, 4);

    [Fact]
    public void Acknowledged_apply_is_gone() => Noisy()
        .Do("op-1", 100, 110, Apply("a", "x"), Done(20))
        .Read("op-3", 140, 150, Saw(22, "b=2"))
        .IsWrong(NoOrder, 2, 3);

    [Fact]
    public void Acknowledged_remove_is_undone() => Noisy()
        .Do("op-1", 100, 110, Apply("a", "x"), Done(20))
        .Do("op-1", 120, 130, Remove("a"), Done(21))
        .Read("op-3", 140, 150, Saw(22, "a=x b=2"))
        .IsWrong(NoOrder, 2, 3, 4);

    [Fact]
    public void Stale_read_by_its_version() => Noisy()
        .Do("op-1", 100, 110, Apply("a", "x"), Done(20))
        .Read("op-3", 140, 150, Saw(19, "b=2"))
        .IsWrong("The version went back to 1.19, and 1.20 was known before", 2, 3);

    [Fact]
    public void Stale_read_without_a_version() => Noisy()
        .Do("op-1", 100, 110, Apply("a", "x"), Done(20))
        .Read("op-3", 140, 150, SawOne("a", ""))
        .IsWrong(NoOrder, 2, 3);

    [Fact]
    public void Read_of_a_value_never_written() => Noisy()
        .Read("op-3", 140, 150, Saw(22, "a=z b=2"))
        .IsWrong(NoOrder, 2);

    [Fact]
    public void Refused_change_is_seen() => Noisy()
        .Do("op-1", 100, 110, Apply("a", "x"), Refused(Refusal.Rule))
        .Read("op-3", 140, 150, Saw(22, "a=x b=2"))
        .IsWrong(NoOrder, 3);

    [Fact]
    public void Unknown_change_is_seen_and_then_gone() => Noisy()
        .Lost("op-1", 100, Apply("a", "x"))
        .Read("op-3", 140, 150, Saw(22, "a=x b=2"))
        .Read("op-3", 160, 170, Saw(23, "b=2"))
        .IsWrong(NoOrder, 2, 3, 4);

    [Fact]
    public void Unknown_change_happens_twice() => Noisy()
        .Lost("op-1", 100, Apply("a", "x"))
        .Read("op-3", 140, 150, Saw(22, "a=x b=2"))
        .Do("op-3", 160, 170, Remove("a"), Done(23))
        .Read("op-3", 180, 190, Saw(24, "a=x b=2"))
        .IsWrong(NoOrder, 2, 4, 5);

    [Fact]
    public void Unknown_change_happens_after_the_coordinator_was_dead() => Noisy()
        .Lost("op-1", 100, Apply("a", "x"), until: 120)
        .Read("op-3", 140, 150, Saw(22, "b=2"))
        .Read("op-3", 160, 170, Saw(23, "a=x b=2"))
        .IsWrong(NoOrder, 2, 3, 4);

    [Fact]
    public void Effect_before_invocation() => Noisy()
        .Read("op-3", 100, 110, Saw(20, "a=x b=2"))
        .Lost("op-1", 120, Apply("a", "x"))
        .IsWrong(NoOrder, 2, 3);

    [Fact]
    public void Effect_before_invocation_that_only_another_services_revision_tells() => Noisy()
        .Read("op-3", 100, 200, Saw(29, "a=x b=2"))
        .Do("op-2", 110, 120, Apply("c", "z"), Done(30))
        .Lost("op-1", 130, Apply("a", "x"))
        .IsWrong(NoOrder, 2, 3, 4);

    [Fact]
    public void Effect_at_a_revision_that_is_anothers() => Noisy()
        .Read("op-3", 100, 110, Saw(20, "b=2"))
        .Lost("op-1", 100, Apply("a", "x"))
        .Do("op-2", 100, 200, Apply("c", "z"), Done(21))
        .Read("op-3", 120, 130, Saw(21, "a=x b=2 c=z"))
        .IsWrong(NoOrder, 2, 3, 5);

    [Fact]
    public void Conditional_change_is_made_at_the_wrong_version() => Noisy()
        .Do("op-1", 100, 110, Apply("a", "x", V(20)), Done(23))
        .IsWrong("only at 1.20 was made at another version", 2);

    [Fact]
    public void Conditional_change_is_made_in_another_term() => Noisy()
        .Do("op-1", 100, 110, Apply("a", "x", V(20)), Done(21, term: 2))
        .IsWrong("only at 1.20 was made at another version", 2);

    [Fact]
    public void Conditional_change_is_refused_although_the_version_is_right() => Noisy()
        .Read("op-1", 100, 110, Saw(20, "b=2"))
        .Do("op-1", 120, 130, Apply("a", "x", V(20)), Refused(Refusal.Stale))
        .Read("op-1", 140, 150, Saw(20, "b=2"))
        .IsWrong("not at 1.20, and it was there all the while", 2, 3);

    [Fact]
    public void Conditional_change_is_refused_although_the_version_is_that_of_the_start() => new Script(Services(V(40), ""))
        .Do("op-1", 0, 1, Apply("a", "x", V(40)), Refused(Refusal.Stale))
        .Do("op-1", 2, 3, Apply("a", "x"), Done(41))
        .IsWrong("not at 1.40, and it was there all the while", 0);

    [Fact]
    public void What_a_refused_condition_shows_to_be_there_is_refused_as_not_there() => Noisy()
        .Do("op-1", 100, 200, Apply("a", "x"), Done(12))
        .Do("op-2", 110, 120, Apply("c", "x", V(11)), Refused(Refusal.Stale))
        .Do("op-3", 130, 140, Remove("a"), Refused(Refusal.NotThere))
        .IsWrong(NoOrder, 2, 4);

    [Fact]
    public void Unknown_conditional_change_happens_at_the_wrong_version() => Noisy()
        .Lost("op-1", 100, Apply("a", "x", V(20)))
        .Read("op-3", 140, 150, Saw(25, "b=2"))
        .Read("op-3", 160, 170, Saw(27, "a=x b=2"))
        .IsWrong(NoOrder, 2, 3, 4);

    [Fact]
    public void Version_goes_back_after_a_restart() => Noisy()
        .Do("op-1", 100, 110, Apply("a", "x"), Done(20))
        .Read("op-1", 120, 130, Saw(19, "b=2", term: 2))
        .IsWrong("The version went back to 2.19", 2, 3);

    [Fact]
    public void Revision_is_written_anew_after_a_restart() => Noisy()
        .Read("op-1", 100, 110, Saw(20, "b=2"))
        .Read("op-2", 105, 130, Saw(20, "b=2", term: 2))
        .IsWrong("Revision 20 is known of two terms", 2, 3);

    [Fact]
    public void Older_leader_answers_after_a_newer_one() => Noisy()
        .Do("op-1", 100, 200, Apply("a", "x"), Done(20, term: 2))
        .Do("op-2", 100, 200, Apply("c", "x"), Done(21))
        .IsWrong("Revision 21 is of an earlier term", 2, 3);

    [Fact]
    public void Two_changes_have_one_version() => Noisy()
        .Do("op-1", 100, 200, Apply("a", "x"), Done(20))
        .Do("op-2", 100, 200, Apply("c", "x"), Done(20))
        .IsWrong("Two changes have one version, 1.20", 2, 3);

    [Fact]
    public void Change_is_done_at_a_version_that_was_seen_before() => Noisy()
        .Read("op-1", 100, 110, Saw(20, "b=2"))
        .Do("op-1", 120, 130, Apply("a", "x"), Done(20))
        .IsWrong("1.20 was known before it was asked for", 2, 3);

    [Fact]
    public void Two_looks_at_one_version_differ() => Noisy()
        .Lost("op-1", 90, Apply("a", "x"))
        .Read("op-1", 100, 110, Saw(20, "b=2"))
        .Read("op-2", 105, 130, Saw(20, "a=x b=2"))
        .IsWrong("Two looks at 1.20 differ in service a", 3, 4);

    [Fact]
    public void Look_shows_half_of_what_is_at_its_version() => Noisy()
        .Do("op-1", 100, 200, Apply("a", "x"), Done(20))
        .Do("op-2", 100, 200, Apply("c", "x"), Done(21))
        .Read("op-3", 100, 200, Saw(21, "b=2 c=x"))
        .IsWrong(NoOrder, 2, 4);

    [Fact]
    public void What_is_there_is_refused_as_not_there() => Noisy()
        .Do("op-1", 100, 110, Remove("b"), Refused(Refusal.NotThere))
        .IsWrong(NoOrder, 0, 2);

    [Fact]
    public void What_is_not_there_is_removed() => Noisy()
        .Do("op-1", 100, 110, Remove("a"), Done(20))
        .IsWrong(NoOrder, 2);

    [Fact]
    public void So_already_although_it_was_not_so() => Noisy()
        .Do("op-1", 100, 110, Apply("b", "other"), SoAlready(20))
        .IsWrong(NoOrder, 2);

    [Fact]
    public void Changed_although_it_was_so_already() => Noisy()
        .Do("op-1", 100, 110, Apply("b", "2"), Done(20))
        .IsWrong(NoOrder, 0, 2);

    [Fact]
    public void Drained_node_is_active_again_unasked() => Noisy()
        .Do("op-1", 100, 110, Intend(NodeIntent.Draining), Done(20))
        .Read("op-1", 120, 130, SawNode(21, NodeIntent.Active))
        .IsWrong("what was answered about node adc-1", 2, 3);

    [Fact]
    public void Policy_is_one_that_nobody_set() => Noisy()
        .Read("op-1", 100, 101, new Outcome.Saw(Observation.One(Item.Policy, "p", V(20))))
        .Read("op-1", 102, 103, new Outcome.Saw(Observation.One(Item.Policy, "q", V(21))))
        .IsWrong("what was answered about the policy", 2, 3);

    /// <summary>What goes before and has nothing to do with it.</summary>
    private static Script Noisy() => new Script()
        .Do("op-1", 0, 10, Apply("b", "2"), Done(10))
        .Read("op-2", 20, 30, Saw(11, "b=2"));
}
