using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Node.Tests.Gslb.Signing;

/// <summary>What a zone says and signs with while its keys come and go.</summary>
public class KeyRingTests
{
    private const long Now = SignedZones.Now;

    [Fact]
    public void A_key_that_is_only_published_is_shown_and_signs_nothing()
    {
        var next = SignedZones.NewKey(DnsKey.ZoneSigningFlags, new KeyTimes { Publish = Now, Activate = Now + 3600 });
        var ring = SignedZones.Ring(SignedZones.KeySigning, SignedZones.ZoneSigning, next);
        TagsShown(ring).ShouldBe([SignedZones.KeySigning.Key.Tag, SignedZones.ZoneSigning.Key.Tag, next.Key.Tag], ignoreOrder: true);
        TagsSigning(ring, "fleet.test", DnsType.Soa).ShouldBe([SignedZones.ZoneSigning.Key.Tag]);
    }

    [Fact]
    public void A_zone_signing_key_is_rolled_without_a_moment_that_cannot_be_verified()
    {
        var old = SignedZones.NewKey(DnsKey.ZoneSigningFlags, SignedZones.Working with { Inactive = Now + 3600, Delete = Now + 7200 });
        var next = SignedZones.NewKey(DnsKey.ZoneSigningFlags, new KeyTimes { Publish = Now, Activate = Now + 3600 });
        ZoneKey[] keys = [SignedZones.KeySigning, old, next];
        var ring = SignedZones.Ring(keys);
        foreach (var utc in new[] { Now, Now + 3599, Now + 3600, Now + 7199, Now + 7200 })
        {
            ring = ring.Renew(keys, utc);
            TagsSigning(ring, "fleet.test", DnsType.Soa, utc).ShouldBe([(utc < Now + 3600 ? old : next).Key.Tag], $"{utc - Now}");
            TagsShown(ring, utc).Contains(old.Key.Tag).ShouldBe(utc < Now + 7200, $"{utc - Now}");
            TagsShown(ring, utc).ShouldContain(next.Key.Tag);
            var reply = SignedZones.Ask("absent.fleet.test", DnsType.A, ring, utc: utc);
            Verifier.Complaints(reply.Authority, [.. keys.Select(key => key.Key)], utc).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Two_active_key_signing_keys_both_sign_the_key_set()
    {
        var second = SignedZones.NewKey(DnsKey.KeySigningFlags, new KeyTimes { Publish = Now, Activate = Now, SyncPublish = Now + 3600 });
        ZoneKey[] keys = [SignedZones.KeySigning, second, SignedZones.ZoneSigning];
        var reply = SignedZones.Ask("fleet.test", DnsType.Dnskey, SignedZones.Ring(keys));
        reply.Answers.Count(record => record.Type == DnsType.Rrsig).ShouldBe(2);
        Verifier.Complaints(reply.Answers, [.. keys.Select(key => key.Key)], Now).ShouldBeEmpty();
        SignedZones
            .Ask("fleet.test", DnsType.Cds, SignedZones.Ring(keys)).Answers
            .Count(record => record.Type == DnsType.Cds)
            .ShouldBe(1, "the second is not offered yet");
    }

    [Theory]
    [InlineData(DnsKey.KeySigningFlags)]
    [InlineData(DnsKey.ZoneSigningFlags)]
    public void One_key_alone_signs_everything(ushort flags)
    {
        var key = SignedZones.NewKey(flags, SignedZones.Working);
        foreach (var type in new[] { DnsType.Dnskey, DnsType.Soa })
            TagsSigning(SignedZones.Ring(key), "fleet.test", type).ShouldBe([key.Key.Tag]);
    }

    [Fact]
    public void A_zone_whose_keys_are_not_active_is_not_signed()
    {
        var later = SignedZones.NewKey(DnsKey.ZoneSigningFlags, new KeyTimes { Publish = Now, Activate = Now + 1 });
        var ring = SignedZones.Ring(later);
        ring.Find(SignedZones.Apex.Wire).ShouldBeNull();
        SignedZones.Ask("s3.fleet.test", DnsType.A, ring).Answers.ShouldHaveSingleItem();
        ring.Renew([later], Now + 1).Find(SignedZones.Apex.Wire).ShouldNotBeNull();
    }

    [Fact]
    public void Without_an_offer_there_is_no_cds()
    {
        var quiet = SignedZones.NewKey(DnsKey.KeySigningFlags, SignedZones.Working with { SyncPublish = null });
        var reply = SignedZones.Ask("fleet.test", DnsType.Cds, SignedZones.Ring(quiet, SignedZones.ZoneSigning));
        reply.Answers.ShouldBeEmpty();
        NsecData.Read(reply.Authority[1]).Types.ShouldBe([DnsType.Ns, DnsType.Soa, DnsType.Rrsig, DnsType.Nsec, DnsType.Dnskey]);
    }

    [Fact]
    public void A_renewed_ring_keeps_the_signatures_of_the_keys_that_stay()
    {
        var ring = SignedZones.Ring();
        string Signature(KeyRing with) => Convert.ToHexString(SignedZones.Ask("s3.fleet.test", DnsType.A, with).Answers[1].Data.AsSpan());
        var first = Signature(ring);
        KeyFileText.TryRead(
            KeyFileText.PrintPublic(SignedZones.ZoneSigning), KeyFileText.PrintPrivate(SignedZones.ZoneSigning), out var again, out _)
            .ShouldBeTrue();
        Signature(ring.Renew([SignedZones.KeySigning, again!], Now)).ShouldBe(first);
        Signature(SignedZones.Ring()).ShouldNotBe(first, "ECDSA signs differently every time");
    }

    [Fact]
    public void Without_keys_nothing_is_signed()
    {
        var ring = KeyRing.Create([], Now, salt: 1);
        ring.Zones.ShouldBeEmpty();
        SignedZones.Ask("s3.fleet.test", DnsType.A, ring).Answers.ShouldHaveSingleItem();
    }

    private static ushort[] TagsShown(KeyRing ring, long utc = Now) =>
    [
        .. SignedZones
            .Ask("fleet.test", DnsType.Dnskey, ring, utc: utc).Answers
            .Where(record => record.Type == DnsType.Dnskey)
            .Select(record => KeyTag.Compute(record.Data.AsSpan())),
    ];

    private static ushort[] TagsSigning(KeyRing ring, string name, DnsType type, long utc = Now) =>
        [.. SignedZones.Ask(name, type, ring, utc: utc).Answers.Where(record => record.Type == DnsType.Rrsig).Select(Verifier.TagOf)];
}
