using System.Net;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;

namespace Fleet.Node.Tests.Gslb.Signing;

/// <summary>How the addresses of signed answers are drawn: few at a time, so that signatures are found again, and fair over time.</summary>
public class DrawingTests
{
    private static readonly ZoneSnapshot Zone = Zones.Snapshot(
        new BalancedName(
            DnsName.Parse("v.fleet.test"), 0, 4, [.. Enumerable.Range(1, 64).Select(i => new Candidate(new IPAddress([198, 51, 100, (byte)i]), 1))]));

    [Fact]
    public void At_one_moment_there_are_at_most_32_drawings_of_a_name()
    {
        var ring = SignedZones.Ring();
        string[] drawings = [.. Enumerable.Range(0, 2000).Select(i => Draw(ring, "v.fleet.test", SignedZones.Now, (ulong)i)).Distinct()];
        drawings.Length.ShouldBeInRange(30, AnswerSigning.Drawings);
    }

    [Fact]
    public void Drawings_change_one_after_the_other_and_all_within_their_time()
    {
        var ring = SignedZones.Ring();
        HashSet<string> At(long utc) => [.. Enumerable.Range(0, 2000).Select(i => Draw(ring, "v.fleet.test", utc, (ulong)i))];
        var first = At(SignedZones.Now);
        At(SignedZones.Now + 1).Intersect(first).Count().ShouldBeInRange(20, 31);
        At(SignedZones.Now + AnswerSigning.DrawingSeconds).Intersect(first).Count().ShouldBeLessThan(3);
    }

    [Fact]
    public void Nodes_and_names_draw_differently()
    {
        var one = SignedZones.Ring();
        var other = KeyRing.Create([SignedZones.ZoneSigning], SignedZones.Now, salt: 8);
        string[] Of(KeyRing ring) => [.. Enumerable.Range(0, 500).Select(i => Draw(ring, "v.fleet.test", SignedZones.Now, (ulong)i)).Distinct()];
        Of(one).Intersect(Of(other)).Count().ShouldBeLessThan(3);
    }

    /// <summary>Chi-square with 63 degrees of freedom: below 92.0 in 99 of 100 runs; the seeds are fixed.</summary>
    [Fact]
    public void Over_time_the_weights_hold()
    {
        var ring = SignedZones.Ring();
        var hits = new int[64];
        const int draws = 200_000;
        var name = DnsName.Parse("w.fleet.test");
        var place = new AnswerPlace(Zone.AuthorityOf(name.Wire, out var prefix), prefix, Zone.Find(name.Wire), DnsHeader.Size);
        var order = new WeightedOrder([.. Enumerable.Range(1, 64)]);
        var pick = new int[1];
        for (var i = 0; i < draws; i++)
        {
            // One query in each span of time, without making its signature: the drawing alone is judged. (Of two in one span the same drawing may
            // come out, on purpose.)
            var random = new Xorshift((ulong)i);
            var arrival = new Arrival(
                [127, 0, 0, 1], false, Zones.Born)
            { Keys = ring, UtcSeconds = SignedZones.Now + (i * AnswerSigning.DrawingSeconds) };
            var drawn = new AnswerSigning(Zone, place, name.Wire, DnsType.A, arrival, isWanted: true).Drawing(name.Wire, ref random);
            order.Pick(ref drawn, pick);
            hits[pick[0]]++;
        }

        double total = Enumerable.Range(1, 64).Sum();
        var chiSquare = Enumerable.Range(1, 64).Sum(i => Math.Pow(hits[i - 1] - (draws * i / total), 2) / (draws * i / total));
        hits.Sum().ShouldBe(draws);
        chiSquare.ShouldBeLessThan(92.0);
    }

    private static string Draw(KeyRing ring, string name, long utc, ulong seed)
    {
        var answer = SignedZones.Respond(ring, Zones.Query(name, DnsType.A, SignedZones.Dnssec), Zone, utc, seed);
        return string.Join(' ', Zones.Read(answer).Answers.Where(record => record.Type == DnsType.A).Select(record => record.Address!.ToString()));
    }
}
