using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

public sealed class WatchBookTests
{
    private static readonly ImmutableArray<NodeName> Three = [new("adc-2"), new("adc-3"), new("adc-4")];

    [Fact]
    public void Quorum_heard_is_the_newest_moment_of_which_enough_have_heard()
    {
        var book = new WatchBook(Build.At(0));
        var first = book.Probe(Build.At(100));
        var second = book.Probe(Build.At(200));
        book.QuorumHeard(Three).ShouldBe(Instant.Never);
        book.HearVouch(new("adc-2"), second);
        book.QuorumHeard(Three).ShouldBe(Instant.Never);
        book.HearVouch(new("adc-3"), first);
        book.QuorumHeard(Three).ShouldBe(Build.At(100));
        book.HearVouch(new("adc-4"), second);
        book.QuorumHeard(Three).ShouldBe(Build.At(200));
    }

    [Fact]
    public void Late_vouch_for_an_older_probe_takes_nothing_back()
    {
        var book = new WatchBook(Build.At(0));
        var first = book.Probe(Build.At(100));
        var second = book.Probe(Build.At(200));
        book.HearVouch(new("adc-2"), second);
        book.HearVouch(new("adc-2"), first);
        book.QuorumHeard([new("adc-2")]).ShouldBe(Build.At(200));
    }

    [Fact]
    public void Vouch_for_a_probe_that_was_never_sent_or_is_forgotten_counts_for_nothing()
    {
        var book = new WatchBook(Build.At(0));
        var first = book.Probe(Build.At(1));
        book.HearVouch(new("adc-2"), 4711);
        for (var i = 2; i <= 70; i++)
            book.Probe(Build.At(i));
        book.HearVouch(new("adc-2"), first);
        book.QuorumHeard([new("adc-2")]).ShouldBe(Instant.Never);
    }

    [Fact]
    public void Testimony_is_the_time_since_the_last_vouch()
    {
        var book = new WatchBook(Build.At(0));
        book.Vouch(new("adc-2"), Build.At(1000));
        book.Testify(new Down.Inquiry(7, new("adc-2")), Build.At(1300)).ShouldBe(new Up.Testimony(7, new("adc-2"), 300_000));
    }

    [Fact]
    public void Agent_that_has_just_started_does_not_speak_of_the_time_before() =>
        new WatchBook(Build.At(5000)).Testify(new Down.Inquiry(7, new("adc-2")), Build.At(5010)).SilentMicros.ShouldBe(10_000);
}
