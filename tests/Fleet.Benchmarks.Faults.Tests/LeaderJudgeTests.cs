using Fleet.Benchmarks.Faults.Judging;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Faults.Tests;

public sealed class LeaderJudgeTests
{
    [Fact]
    public void Leaders_one_after_the_other_are_right() =>
        LeaderJudge.Find([Ack(1, 1, 0, 5), Ack(1, 1, 10, 15), Ack(2, 2, 20, 25), Ack(2, 2, 30, 35)]).ShouldBeEmpty();

    [Fact]
    public void One_term_of_two_coordinators_is_wrong() => LeaderJudge.Find([Ack(1, 1, 0, 5), Ack(2, 1, 10, 15)]).Length.ShouldBe(1);

    [Fact]
    public void Old_term_that_acknowledges_what_was_asked_after_the_new_one_had_answered_is_wrong() =>
        LeaderJudge.Find([Ack(1, 1, 0, 5), Ack(2, 2, 10, 15), Ack(1, 1, 16, 18)]).Length.ShouldBe(1);

    /// <summary>It may have been acknowledged before the new term's first answer, and heard late.</summary>
    [Fact]
    public void Old_term_that_is_heard_late_is_right() =>
        LeaderJudge.Find([Ack(1, 1, 0, 5), Ack(1, 1, 9, 40), Ack(2, 2, 10, 15), Ack(2, 2, 30, 35)]).ShouldBeEmpty();

    [Fact]
    public void Gap_is_until_a_newer_term_acknowledges_something()
    {
        Acknowledgement[] heard = [Ack(1, 1, 0, 5), Ack(1, 1, 9, 21), Ack(2, 2, 30, 45), Ack(2, 2, 46, 50)];
        LeaderJudge.Gap(heard, At(20)).ShouldBe(TimeSpan.FromMilliseconds(25));
        LeaderJudge.Gap(heard, At(46)).ShouldBeNull();
    }

    private static Acknowledgement Ack(int coordinator, long term, int asked, int heard) => new(coordinator, term, At(asked), At(heard));

    private static Instant At(int ms) => new(ms * 1000L);
}
