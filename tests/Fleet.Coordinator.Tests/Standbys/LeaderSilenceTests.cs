using Fleet.Coordinator.Standbys;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>What counts as silence, what follows from an end of the link, and how patience grows and shrinks.</summary>
public sealed class LeaderSilenceTests
{
    private static readonly Instant Start = new(1_000_000);

    [Fact]
    public void Link_that_breaks_is_dialled_once_more_and_only_its_second_end_deposes()
    {
        var silence = new LeaderSilence(LeaderSilence.PatienceMin, wasHeard: true, Start);
        silence.Judge(TalkEnd.Broken).ShouldBe(AfterTalk.Redial);
        silence.Judge(TalkEnd.Broken).ShouldBe(AfterTalk.Depose);
    }

    /// <summary>Its first link may be what was broken: heard on the next one, it has both tries again.</summary>
    [Fact]
    public void Leader_that_is_heard_again_has_all_its_time_again()
    {
        var silence = new LeaderSilence(LeaderSilence.PatienceMin, wasHeard: true, Start);
        silence.Judge(TalkEnd.Broken).ShouldBe(AfterTalk.Redial);
        silence.Hear(Start);
        silence.Judge(TalkEnd.Broken).ShouldBe(AfterTalk.Redial);
    }

    [Theory]
    [InlineData((int)TalkEnd.Refused)]
    [InlineData((int)TalkEnd.Broken)]
    [InlineData((int)TalkEnd.Declined)]
    [InlineData((int)TalkEnd.Quiet)]
    public void Leader_that_was_never_heard_is_never_deposed(int end)
    {
        var silence = new LeaderSilence(LeaderSilence.PatienceMin, wasHeard: false, Start);
        for (var step = 1; step <= 200; step++)
            silence.Step(Start + (LeaderSilence.StepEvery * step));
        silence.Judge((TalkEnd)end).ShouldBe(AfterTalk.LookAgain);
    }

    [Fact]
    public void Each_leader_that_is_deposed_for_its_silence_gives_the_next_twice_the_patience_up_to_a_bound()
    {
        var patience = new Patience();
        var now = Start;
        TimeSpan[] given = [.. Enumerable.Range(0, 5).Select(_ =>
        {
            var at = patience.At(now);
            patience.CountDepose(at, now);
            now += TimeSpan.FromSeconds(1);
            return at;
        })];
        given.Select(span => span.TotalMilliseconds).ShouldBe([280, 560, 1120, 2240, 2240]);
    }

    [Fact]
    public void After_a_quiet_while_patience_is_short_again()
    {
        var patience = new Patience();
        patience.CountDepose(Patience.Max, Start);
        patience.At(Start + Patience.CalmAfter - TimeSpan.FromMilliseconds(1)).ShouldBe(Patience.Max);
        patience.At(Start + Patience.CalmAfter).ShouldBe(LeaderSilence.PatienceMin);
    }

    /// <summary>Two leaders that fall silent one after the other, as on a machine that is too busy for them; the third has deposed both.</summary>
    [Fact]
    public void Standby_that_has_deposed_a_silent_leader_waits_longer_for_the_next()
    {
        using var cohort = new Cohort();
        for (var i = 0; i < 3; i++)
            cohort.Add();
        var waited = new List<TimeSpan>();
        for (var round = 0; round < 2; round++)
        {
            var leader = cohort.Leader;
            leader.Stop();
            waited.Add(cohort.PassUntil(() => cohort.Members.Any(m => m != leader && m.Leads), TimeSpan.FromSeconds(4)));
            leader.Continue();
            cohort.Pass(TimeSpan.FromSeconds(1));
        }

        waited[0].ShouldBeLessThan(TimeSpan.FromMilliseconds(400));
        waited[1].ShouldBeGreaterThan(TimeSpan.FromMilliseconds(450));
    }
}
