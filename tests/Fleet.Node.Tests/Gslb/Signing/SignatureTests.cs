using System.Net;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Node.Tests.Gslb.Signing;

/// <summary>How long signatures hold, when they are made, and with what keys.</summary>
public class SignatureTests
{
    private static readonly DnsKey[] Keys = [SignedZones.KeySigning.Key, SignedZones.ZoneSigning.Key];

    [Theory]
    [InlineData("s3.fleet.test", DnsType.A)]
    [InlineData("many.fleet.test", DnsType.A)]
    [InlineData("absent.fleet.test", DnsType.A)]
    [InlineData("fleet.test", DnsType.Dnskey)]
    [InlineData("map.fleet.test", DnsType.Txt)]
    public void A_signed_answer_that_is_known_allocates_nothing(string name, DnsType type)
    {
        var ring = SignedZones.Ring();
        var zone = Zones.Usual();
        var query = Zones.Query(name, type, SignedZones.Dnssec with { Subnet = ClientSubnet.Truncate(IPAddress.Loopback, 24) });
        var answer = new byte[2048];
        var lane = new Lane(1);
        var signed = 0;
        (var allocated, var rounds) = Allocations.OfOneRound(() => // all drawings are made in the first
        {
            for (var i = 0; i < 1000; i++)
            {
                if (Responder.Respond(zone, query, answer,
                    new Arrival([127, 0, 0, 1], true, Zones.Born) { Keys = ring, UtcSeconds = SignedZones.Now },
                    lane) > 150)
                    signed++;
            }
        });

        allocated.ShouldBe(0);
        signed.ShouldBe(rounds * 1000);
    }

    [Fact]
    public void A_signature_is_kept_for_an_hour_and_holds_days_beyond()
    {
        var ring = SignedZones.Ring();
        var seen = new List<string>();
        for (var utc = SignedZones.Now; utc < SignedZones.Now + 7200; utc += 60)
        {
            DnsRecord[] answer = [.. SignedZones.Ask("s3.fleet.test", DnsType.A, ring, utc: utc).Answers];
            Verifier.Complaints(answer, Keys, utc - 3000).ShouldBeEmpty("clocks may be behind");
            Verifier.Complaints(answer, Keys, utc + (71 * 3600)).ShouldBeEmpty();
            if (!seen.Contains(Convert.ToHexString(answer[1].Data.AsSpan())))
                seen.Add(Convert.ToHexString(answer[1].Data.AsSpan()));
        }

        seen.Count.ShouldBe(3, "two hours touch three");
    }

    [Fact]
    public void Names_renew_their_signatures_at_minutes_of_their_own()
    {
        uint[] begins =
        [
            .. Enumerable.Range(0, 200).Select(i => SignatureTimes.InceptionOf(DnsName.Parse($"n{i}.fleet.test").Wire, SignedZones.Now)),
        ];
        begins.Distinct().Count().ShouldBeGreaterThan(150);
        begins.ShouldAllBe(begin => begin <= SignedZones.Now - 3600 && begin > SignedZones.Now - 7200);
    }

    [Fact]
    public void What_changes_is_signed_anew()
    {
        var ring = SignedZones.Ring();
        foreach (var address in new[] { "203.0.113.5", "203.0.113.6", "203.0.113.5" })
        {
            var zone = Zones.Snapshot(Zones.Balanced("s3.fleet.test", address));
            var reply = Zones.Read(SignedZones.Respond(ring, Zones.Query("s3.fleet.test", DnsType.A, SignedZones.Dnssec), zone));
            reply.Answers[0].Address!.ToString().ShouldBe(address);
            Verifier.Complaints(reply.Answers, Keys, SignedZones.Now).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Records_in_any_order_have_one_signature()
    {
        var zone = Zones.Snapshot(Zones.Balanced("s3.fleet.test", "10.0.0.1", "10.0.0.2", "10.0.0.3"));
        var ring = SignedZones.Ring();
        var orders = new HashSet<string>();
        var signatures = new HashSet<string>();
        for (ulong seed = 0; seed < 200; seed++)
        {
            var reply = Zones.Read(SignedZones.Respond(ring, Zones.Query("s3.fleet.test", DnsType.A, SignedZones.Dnssec), zone, seed: seed));
            orders.Add(string.Join(' ', reply.Answers.Take(3).Select(record => record.Address)));
            signatures.Add(Convert.ToHexString(reply.Answers[3].Data.AsSpan()));
            Verifier.Complaints(reply.Answers, Keys, SignedZones.Now).ShouldBeEmpty();
        }

        orders.Count.ShouldBe(6);
        signatures.Count.ShouldBe(1);
    }

    [Fact]
    public void The_cache_forgets_rather_than_grows()
    {
        var cache = new SignatureCache(setBits: 2);
        var key = new SigningKey(SignedZones.ZoneSigning);
        for (var i = 0; i < 1000; i++)
        {
            var content = BitConverter.GetBytes(i);
            byte[] signature = [.. Enumerable.Repeat((byte)i, 64)];
            cache.TryFind(key, content, out _).ShouldBeFalse();
            cache.Keep(key, content, signature);
            cache.TryFind(key, content, out var found).ShouldBeTrue();
            found.SequenceEqual(signature).ShouldBeTrue();
        }

        Enumerable.Range(0, 1000).Count(i => cache.TryFind(key, BitConverter.GetBytes(i), out _)).ShouldBeInRange(8, 16);
        cache.TryFind(new SigningKey(SignedZones.ZoneSigning), BitConverter.GetBytes(999), out _).ShouldBeFalse("another key signs otherwise");
    }

    [Fact]
    public void Many_threads_sign_and_read_one_cache_and_every_signature_holds()
    {
        var ring = SignedZones.Ring();
        var zone = Zones.Usual();
        Parallel.For(0, 8, thread =>
        {
            for (ulong i = 0; i < 100; i++)
            {
                var reply = Zones.Read(
                    SignedZones.Respond(ring, Zones.Query($"absent-{i % 10}.fleet.test", DnsType.A, SignedZones.Dnssec), zone, seed: i));
                Verifier.Complaints(reply.Authority, Keys, SignedZones.Now).ShouldBeEmpty();
            }
        });
    }

    [Fact]
    public void Who_asks_for_random_names_is_sent_to_tcp_when_the_second_s_signatures_are_spent()
    {
        var ring = SignedZones.Ring();
        var zone = Zones.Usual();
        DnsReply Ask(string name, DnsType type = DnsType.A, long utc = SignedZones.Now, bool overTcp = false) =>
            Zones.Read(SignedZones.Respond(ring, Zones.Query(name, type, SignedZones.Dnssec), zone, utc, overTcp: overTcp));
        bool[] truncated = [.. Enumerable.Range(0, SigningBudget.PerSecond + 100).Select(i => Ask($"random-{i}.fleet.test").Header.IsTruncated)];
        truncated.Count(each => each).ShouldBe(100);
        truncated[..SigningBudget.PerSecond].ShouldAllBe(each => !each);
        Verifier.Complaints(Ask("more.fleet.test", overTcp: true).Authority, Keys, SignedZones.Now).ShouldBeEmpty();
        Ask($"random-{SigningBudget.PerSecond - 1}.fleet.test").Header.IsTruncated.ShouldBeFalse("its signature is known");
        var cases = new[] { ("dual.fleet.test", DnsType.A), ("dual.fleet.test", DnsType.Txt), ("fleet.test", DnsType.Ns) };
        foreach ((var name, var type) in cases)
            Ask(name, type).Header.IsTruncated.ShouldBeFalse("what exists is signed always");
        Ask("other.fleet.test", utc: SignedZones.Now + 1).Header.IsTruncated.ShouldBeFalse();
    }

    [Fact]
    public void Threads_together_spend_no_more_than_the_budget()
    {
        var budget = new SigningBudget();
        for (long second = 1; second < 20; second++)
        {
            var spent = 0;
            Parallel.For(0, 3 * SigningBudget.PerSecond, _ =>
            {
                if (budget.TrySpend(second))
                    Interlocked.Increment(ref spent);
            });
            spent.ShouldBe(SigningBudget.PerSecond);
        }
    }

    [Fact]
    public void A_record_set_of_any_size_is_sorted_and_signed_over_tcp()
    {
        // 2,000 records of all sizes, two alike, beyond every buffer on the stack.
        byte[][] texts = [.. Enumerable.Range(0, 2000).Select(i => (byte[])[(byte)(i % 7 * 2), .. Enumerable.Repeat((byte)(i * 37), i % 7 * 2)])];
        var message = new byte[65_535];
        var writer = new DnsWriter(message);
        writer.WriteBytes(Zones.Query("t.fleet.test", DnsType.Txt));
        var at = writer.Position;
        foreach (var text in texts)
        {
            writer.WritePointer(DnsHeader.Size);
            writer.WriteRecordFields(DnsType.Txt, 60, text.Length);
            writer.WriteBytes(text);
        }

        var ring = SignedZones.Ring();
        var signer = new SectionSigner(ring, Zones.Usual(), SignedZones.Now, isBounded: false);
        signer.Sign(ref writer, at, texts.Length, DnsType.None, null).ShouldBe((ushort)1);
        new DnsHeader(1, DnsHeader.ResponseFlag, 1, (ushort)(texts.Length + 1), 0, 0).Write(message);
        Verifier.Complaints(Zones.Read(message[..writer.Position]).Answers, Keys, SignedZones.Now).ShouldBeEmpty();
    }
}
