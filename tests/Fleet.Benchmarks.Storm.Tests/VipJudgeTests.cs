using Fleet.Benchmarks.Storm.Judging;
using Fleet.Demo.Clients;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Storm.Tests;

/// <summary>What clients saw at one VIP, made up: a judge that finds nothing in these would find nothing in a storm.</summary>
public sealed class VipJudgeTests
{
    private readonly VipJudge _judge = new(At(0));

    [Fact]
    public void Two_nodes_that_answer_in_turns_are_two_owners()
    {
        Answers("a", 0, 1000);
        Answers("b", 1000, 1100);
        Answers("a", 1100, 1500);
        Answers("b", 1500, 2500);
        _judge.Duals.Count.ShouldBe(1);
        _judge.Duals[0].First.ShouldBe("a");
        _judge.Duals[0].Second.ShouldBe("b");
    }

    [Fact]
    public void One_stale_answer_of_a_node_that_woke_up_is_two_owners()
    {
        Answers("b", 0, 1000);
        _judge.Add(Answer("a", 1001, 1004));
        Answers("b", 1010, 2000);
        _judge.Duals.Count.ShouldBe(1);
    }

    [Fact]
    public void A_request_that_waited_in_a_stopped_node_and_was_sent_after_another_had_answered_is_two_owners()
    {
        Answers("a", 0, 1000);
        Answers("b", 1500, 1550);
        _judge.Add(Answer("b", 1552, 1556));
        _judge.Add(Answer("a", 1557, 1590));
        Answers("b", 1600, 2000);
        _judge.Duals.Count.ShouldBe(1);
    }

    [Fact]
    public void Two_cases_far_apart_are_two()
    {
        foreach (var from in new[] { 0, 10_000 })
        {
            Answers("b", from, from + 100);
            _judge.Add(Answer("a", from + 101, from + 104));
            Answers("b", from + 110, from + 1000);
        }

        _judge.Duals.Count.ShouldBe(2);
    }

    [Fact]
    public void A_vip_that_moves_and_comes_back_later_has_one_owner_at_a_time()
    {
        Answers("a", 0, 1000);
        Answers("b", 1500, 2000);
        Answers("a", 2500, 3000);
        _judge.Duals.ShouldBeEmpty();
    }

    /// <summary>The client was late to read it: it may have been given before the other's first.</summary>
    [Fact]
    public void A_late_answer_of_the_old_owner_is_none_of_a_second_one()
    {
        Answers("a", 0, 1000);
        _judge.Add(Answer("b", 1100, 1105));
        _judge.Add(Answer("a", 990, 1110));
        Answers("b", 1115, 2000);
        _judge.Duals.ShouldBeEmpty();
    }

    [Fact]
    public void An_outage_is_seen_and_measured()
    {
        Answers("a", 0, 1000);
        _judge.Add(new ProbeSample(At(1200), At(1201), null));
        Answers("b", 1700, 2000);
        var gap = _judge.LongestGap(At(0), At(2000));
        (gap.Until - gap.From).TotalMilliseconds.ShouldBeInRange(700, 720);
    }

    [Fact]
    public void An_outage_that_goes_on_is_seen_too()
    {
        Answers("a", 0, 1000);
        var gap = _judge.LongestGap(At(0), At(5000));
        (gap.Until - gap.From).TotalMilliseconds.ShouldBeInRange(4000, 4020);
    }

    [Fact]
    public void An_outage_counts_in_a_window_as_far_as_it_lies_in_it()
    {
        Answers("a", 0, 1000);
        Answers("b", 2000, 3000);
        (_judge.LongestGap(At(1500), At(3000)) is var gap ? gap.Until - gap.From : default).TotalMilliseconds.ShouldBeInRange(480, 520);
        (_judge.LongestGap(At(2100), At(2900)) is var calm ? calm.Until - calm.From : default).TotalMilliseconds.ShouldBeLessThan(30);
    }

    private void Answers(string node, int fromMs, int untilMs)
    {
        for (var ms = fromMs; ms < untilMs; ms += 10)
            _judge.Add(Answer(node, ms, ms + 2));
    }

    private static ProbeSample Answer(string node, int sentMs, int doneMs) => new(At(sentMs), At(doneMs), node);

    private static Instant At(int ms) => new(ms * 1000L);
}
