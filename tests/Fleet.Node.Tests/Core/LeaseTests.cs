using Fleet.Node.Core;

namespace Fleet.Node.Tests.Core;

public sealed class LeaseTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(400);
    private static readonly Lease Until1400 = new(Build.At(1400));

    [Fact]
    public void Lease_is_held_up_to_its_end_and_not_at_it()
    {
        Until1400.IsHeld(Build.At(1399.999)).ShouldBeTrue();
        Until1400.IsHeld(Build.At(1400)).ShouldBeFalse();
        Lease.None.IsHeld(Build.At(0)).ShouldBeFalse();
    }

    [Fact]
    public void Lease_counts_from_when_the_question_was_sent() =>
        Until1400.ByLeader(Build.At(1100), Duration, knowsMap: false, Build.At(1399)).Until.ShouldBe(Build.At(1500));

    [Fact]
    public void Older_answer_never_shortens_it()
    {
        Until1400.ByLeader(Build.At(900), Duration, knowsMap: true, Build.At(1300)).ShouldBe(Until1400);
        Until1400.ByWitnesses(Build.At(900), Duration, Build.At(1300)).ShouldBe(Until1400);
    }

    [Fact]
    public void Lease_that_has_run_out_is_renewed_by_the_leader_for_who_knows_its_newest_map()
    {
        Until1400.ByLeader(Build.At(1400), Duration, knowsMap: false, Build.At(1400)).ShouldBe(Until1400);
        Until1400.ByLeader(Build.At(1400), Duration, knowsMap: true, Build.At(1401)).Until.ShouldBe(Build.At(1800));
    }

    [Fact]
    public void Lease_that_has_run_out_is_never_renewed_by_witnesses()
    {
        Until1400.ByWitnesses(Build.At(1399), Duration, Build.At(1400)).ShouldBe(Until1400);
        Until1400.ByWitnesses(Build.At(1399), Duration, Build.At(1399)).Until.ShouldBe(Build.At(1799));
    }

    [Fact]
    public void Lease_that_has_run_out_is_revived_for_as_long_as_the_witnesses_word_is_good()
    {
        Until1400.ByRevival(Build.At(1450), Duration, Build.At(1460)).Until.ShouldBe(Build.At(1850));
        Until1400.ByRevival(Build.At(1450), Duration, Build.At(1850)).ShouldBe(Until1400, "it came when its own time was over");
        Until1400.ByRevival(Build.At(1399), Duration, Build.At(1460)).ShouldBe(Until1400, "that was asked for an earlier lease");
        Until1400.ByRevival(Build.At(1300), Duration, Build.At(1350)).ShouldBe(Until1400);
        Lease.None.ByRevival(Build.At(1450), Duration, Build.At(1460)).ShouldBe(Lease.None, "this agent has had none");
    }
}
