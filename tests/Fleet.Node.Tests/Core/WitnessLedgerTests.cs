using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

public sealed class WitnessLedgerTests
{
    private static readonly ImmutableArray<NodeName> Three = [new("adc-2"), new("adc-3"), new("adc-4")];

    [Fact]
    public void Quorum_heard_is_the_newest_moment_of_which_enough_have_heard()
    {
        var book = new WitnessLedger(Build.At(0));
        var first = book.Probe(Build.At(100));
        var second = book.Probe(Build.At(200));
        book.QuorumHeard(Three).ShouldBe(Instant.Never);
        book.HearVouch(new("adc-2"), second, Build.At(210));
        book.QuorumHeard(Three).ShouldBe(Instant.Never);
        book.HearVouch(new("adc-3"), first, Build.At(210));
        book.QuorumHeard(Three).ShouldBe(Build.At(100));
        book.HearVouch(new("adc-4"), second, Build.At(210));
        book.QuorumHeard(Three).ShouldBe(Build.At(200));
    }

    [Fact]
    public void Late_vouch_for_an_older_probe_takes_nothing_back()
    {
        var book = new WitnessLedger(Build.At(0));
        var first = book.Probe(Build.At(100));
        var second = book.Probe(Build.At(200));
        book.HearVouch(new("adc-2"), second, Build.At(210));
        book.HearVouch(new("adc-2"), first, Build.At(210));
        book.QuorumHeard([new("adc-2")]).ShouldBe(Build.At(200));
    }

    [Fact]
    public void Vouch_for_a_probe_that_was_never_sent_or_is_forgotten_counts_for_nothing()
    {
        var book = new WitnessLedger(Build.At(0));
        var first = book.Probe(Build.At(1));
        book.HearVouch(new("adc-2"), 4711, Build.At(2));
        for (var i = 2; i <= 70; i++)
            book.Probe(Build.At(i));
        book.HearVouch(new("adc-2"), first, Build.At(210));
        book.QuorumHeard([new("adc-2")]).ShouldBe(Instant.Never);
    }

    [Fact]
    public void Quorum_takes_as_long_as_the_slowest_of_the_quickest_that_suffice()
    {
        var book = new WitnessLedger(Build.At(0));
        var probe = book.Probe(Build.At(100));
        book.HearVouch(new("adc-2"), probe, Build.At(101));
        book.QuorumRoundTrip(Three).ShouldBe(TimeSpan.Zero);
        book.HearVouch(new("adc-4"), probe, Build.At(180));
        book.HearVouch(new("adc-3"), probe, Build.At(120));
        book.QuorumRoundTrip(Three).ShouldBe(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void Testimony_is_the_time_since_the_last_vouch_for_each_that_is_asked_of()
    {
        var book = new WitnessLedger(Build.At(0));
        book.TryVouch(Two, Build.At(1000)).ShouldBeTrue();
        var said = book.TakeWitnessReply(new LeaderMessage.WitnessQuery(7, [Two, new("adc-3")], []), Build.At(1300));
        said.Query.ShouldBe(7);
        said.Nodes.ShouldBe([new NodeSilence(Two, 300_000), new NodeSilence(new("adc-3"), 1_300_000)]);
    }

    [Fact]
    public void Agent_that_has_just_started_does_not_speak_of_the_time_before() =>
        new WitnessLedger(Build.At(5000))
            .TakeWitnessReply(new LeaderMessage.WitnessQuery(7, [Two], []), Build.At(5010)).Nodes
            .ShouldHaveSingleItem().SilentMicros
            .ShouldBe(10_000);

    [Fact]
    public void Fenced_peer_is_not_vouched_for_until_half_a_second_after_the_last_question()
    {
        var book = new WitnessLedger(Build.At(0));
        book.TakeWitnessReply(new LeaderMessage.WitnessQuery(1, [Two], [Two]), Build.At(1000));
        book.TakeWitnessReply(new LeaderMessage.WitnessQuery(2, [Two], [Two]), Build.At(1200));
        book.TryVouch(Two, Build.At(1699)).ShouldBeFalse();
        book.TryVouch(new("adc-3"), Build.At(1300)).ShouldBeTrue();
        book.TryVouch(Two, Build.At(1700)).ShouldBeTrue();
    }

    /// <summary>
    /// The peer's lease of 400 ms has been over for 1,000 ms, so what it asks covers 1,400 ms; with an eighth and the margin that is 1,625 ms.
    /// </summary>
    [Theory]
    [InlineData(1625, false)]
    [InlineData(1625.001, true)]
    public void Lease_that_has_run_out_is_vouched_for_by_whoever_has_told_no_leader_since_before(double runningMs, bool revived) =>
        new WitnessLedger(Build.At(0)).TryRevive(Two, Cover, LeaseTerms.Default, Build.At(runningMs)).ShouldBe(revived);

    [Fact]
    public void Witness_that_has_testified_since_revives_nobody_and_one_that_did_before_does()
    {
        var book = new WitnessLedger(Build.At(0));
        book.TakeWitnessReply(new LeaderMessage.WitnessQuery(1, [Two], []), Build.At(10_000));
        book.TryRevive(Two, Cover, LeaseTerms.Default, Build.At(11_000)).ShouldBeFalse();
        book.TryRevive(new("adc-3"), Cover, LeaseTerms.Default, Build.At(11_000)).ShouldBeTrue("it was not asked of adc-3");
        book.TryRevive(Two, Cover, LeaseTerms.Default, Build.At(11_700)).ShouldBeTrue("the lease was held after that reply");
    }

    [Fact]
    public void Revived_peer_is_no_longer_silent_to_a_leader_that_asks()
    {
        var book = new WitnessLedger(Build.At(0));
        book.TryRevive(Two, Cover, LeaseTerms.Default, Build.At(9000)).ShouldBeTrue();
        book.TakeWitnessReply(new LeaderMessage.WitnessQuery(1, [Two], []), Build.At(9100)).Nodes.Single().SilentMicros.ShouldBe(100_000);
    }

    private static readonly NodeName Two = new("adc-2");
    private static readonly TimeSpan Cover = TimeSpan.FromMilliseconds(1400);
}
