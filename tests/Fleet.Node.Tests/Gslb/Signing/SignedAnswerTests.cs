using System.Net;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;
using Fleet.Shared.Gslb;

namespace Fleet.Node.Tests.Gslb.Signing;

/// <summary>What a signed zone answers to who takes signatures.</summary>
public class SignedAnswerTests
{
    private static readonly DnsKey[] Keys = [SignedZones.KeySigning.Key, SignedZones.ZoneSigning.Key];

    [Fact]
    public void The_verifier_accepts_the_signature_of_rfc_6605()
    {
        // RFC 6605 6.1.
        var owner = DnsName.Parse("www.example.net");
        var key = Convert.FromBase64String("GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==");
        var signature = Convert.FromBase64String("qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==");
        byte[] fields =
        [
            0,
            1,
            13,
            3,
            0,
            0,
            0x0E,
            0x10,
            .. Big(new DateTimeOffset(2010, 9, 9, 10, 4, 39, TimeSpan.Zero)),
            .. Big(new DateTimeOffset(2010, 8, 12, 10, 4, 39, TimeSpan.Zero)),
            0xD9, 0x60, .. DnsName.Parse("example.net").Wire,
        ];
        var address = new DnsRecord(owner, DnsType.A, 3600, [192, 0, 2, 1]);
        var good = new DnsRecord(owner, DnsType.Rrsig, 3600, [.. fields, .. signature]);
        var then = new DateTimeOffset(2010, 8, 20, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        DnsKey[] keys = [new DnsKey(257, [.. key])];
        Verifier.Complaints([address, good], keys, then).ShouldBeEmpty();
        Verifier.Complaints([address with { Data = [192, 0, 2, 2] }, good], keys, then).ShouldNotBeEmpty();
        Verifier.Complaints([address], keys, then).ShouldNotBeEmpty();

        static byte[] Big(DateTimeOffset time)
        {
            var octets = BitConverter.GetBytes((uint)time.ToUnixTimeSeconds());
            Array.Reverse(octets);
            return octets;
        }
    }

    [Theory]
    [InlineData("s3.fleet.test", DnsType.A, 1)]
    [InlineData("many.fleet.test", DnsType.A, 64)]
    [InlineData("dual.fleet.test", DnsType.Aaaa, 1)]
    [InlineData("DEEP.er.Fleet.TEST", DnsType.A, 1)]
    [InlineData("fleet.test", DnsType.Ns, 2)]
    [InlineData("fleet.test", DnsType.Soa, 1)]
    [InlineData("fleet.test", DnsType.Dnskey, 2)]
    [InlineData("fleet.test", DnsType.Cds, 1)]
    [InlineData("fleet.test", DnsType.Cdnskey, 1)]
    [InlineData("map.fleet.test", DnsType.Txt, 1)]
    [InlineData("s3.fleet.test", DnsType.Any, 1)]
    [InlineData("s3.fleet.test", DnsType.Nsec, 1)]
    [InlineData("er.fleet.test", DnsType.Nsec, 1)]
    public void Whatever_is_there_is_signed_once(string name, DnsType type, int records)
    {
        var reply = SignedZones.Ask(name, type, overTcp: true);
        reply.Rcode.ShouldBe(DnsRcode.NoError);
        reply.Header.IsTruncated.ShouldBeFalse();
        reply.Edns!.Value.DnssecOk.ShouldBeTrue();
        reply.Answers.Count(record => record.Type != DnsType.Rrsig).ShouldBe(records);
        reply.Answers.Count(record => record.Type == DnsType.Rrsig).ShouldBe(1);
        Verifier.Complaints(reply.Answers, Keys, SignedZones.Now).ShouldBeEmpty();
        reply.Authority.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("alias.fleet.test", DnsType.A, 2, 2)]
    [InlineData("alias.fleet.test", DnsType.Cname, 1, 1)]
    [InlineData("out.fleet.test", DnsType.A, 1, 1)]
    [InlineData("fleet.test", DnsType.Mx, 2, 1)]
    [InlineData("fleet.test", DnsType.Caa, 1, 1)]
    [InlineData("_s3._tcp.fleet.test", DnsType.Srv, 1, 1)]
    [InlineData("text.fleet.test", DnsType.Txt, 2, 1)]
    [InlineData("back.fleet.test", DnsType.Ptr, 1, 1)]
    [InlineData("www.fleet.test", DnsType.A, 2, 1)]
    public void Records_of_every_type_are_signed(string name, DnsType type, int records, int signatures)
    {
        var reply = Zones.Read(SignedZones.Respond(SignedZones.Ring(), Zones.Query(name, type, SignedZones.Dnssec), SignedZones.Rich));
        reply.Answers.Count(record => record.Type != DnsType.Rrsig).ShouldBe(records);
        reply.Answers.Count(record => record.Type == DnsType.Rrsig).ShouldBe(signatures);
        Verifier.Complaints(reply.Answers, Keys, SignedZones.Now).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("fleet.test", "NS SOA MX RRSIG NSEC DNSKEY CDS CDNSKEY CAA")]
    [InlineData("www.fleet.test", "A AAAA RRSIG NSEC")]
    [InlineData("alias.fleet.test", "CNAME RRSIG NSEC")]
    public void The_types_of_plain_records_are_told(string name, string types)
    {
        var reply = Zones.Read(SignedZones.Respond(SignedZones.Ring(), Zones.Query(name, DnsType.Nsec, SignedZones.Dnssec), SignedZones.Rich));
        string.Join(' ', NsecData.Read(reply.Answers[0]).Types.Select(each => each.ToString().ToUpperInvariant())).ShouldBe(types);
    }

    [Theory]
    [InlineData("absent.fleet.test", DnsType.A, "RRSIG NSEC NXNAME")]
    [InlineData("x.s3.fleet.test", DnsType.A, "RRSIG NSEC NXNAME")]
    [InlineData("absent.fleet.test", DnsType.Ds, "RRSIG NSEC NXNAME")]
    [InlineData("absent.fleet.test", DnsType.Nsec, "RRSIG NSEC NXNAME")]
    [InlineData("absent.fleet.test", DnsType.Rrsig, "RRSIG NSEC NXNAME")]
    [InlineData("absent.fleet.test", DnsType.Any, "RRSIG NSEC NXNAME")]
    [InlineData("s3.fleet.test", DnsType.Aaaa, "A RRSIG NSEC")]
    [InlineData("s3.fleet.test", DnsType.Dnskey, "A RRSIG NSEC")]
    [InlineData("dual.fleet.test", DnsType.Txt, "A AAAA RRSIG NSEC")]
    [InlineData("er.fleet.test", DnsType.A, "RRSIG NSEC")]
    [InlineData("down.fleet.test", DnsType.A, "RRSIG NSEC")]
    [InlineData("map.fleet.test", DnsType.A, "TXT RRSIG NSEC")]
    [InlineData("fleet.test", DnsType.Ds, "NS SOA RRSIG NSEC DNSKEY CDS CDNSKEY")]
    [InlineData("fleet.test", DnsType.A, "NS SOA RRSIG NSEC DNSKEY CDS CDNSKEY")]
    public void What_is_not_there_is_denied_in_one_record(string name, DnsType type, string types)
    {
        var reply = SignedZones.Ask(name, type);
        reply.Rcode.ShouldBe(DnsRcode.NoError);
        reply.Answers.ShouldBeEmpty();
        reply.Authority.Select(record => record.Type).ShouldBe([DnsType.Soa, DnsType.Nsec, DnsType.Rrsig, DnsType.Rrsig]);
        Verifier.Complaints(reply.Authority, Keys, SignedZones.Now).ShouldBeEmpty();
        var denial = reply.Authority[1];
        denial.Name.ShouldBe(DnsName.Parse(name));
        denial.Ttl.ShouldBe(5u);
        var data = NsecData.Read(denial);
        data.Next.ShouldBe(DnsName.Parse($"\\000.{name}"));
        string.Join(' ', data.Types.Select(each => each.ToString().ToUpperInvariant())).ShouldBe(types);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_ds_of_a_zone_is_the_affair_of_the_zone_around_it(bool isSigned)
    {
        var child = SignedZones.NewKey(DnsKey.KeySigningFlags, SignedZones.Working, "sub.fleet.test");
        var ring = SignedZones.Ring([SignedZones.KeySigning, SignedZones.ZoneSigning, .. isSigned ? [child] : (ZoneKey[])[]]);
        DnsReply Ask(DnsType type) =>
            Zones.Read(SignedZones.Respond(ring, Zones.Query("sub.fleet.test", type, SignedZones.Dnssec), SignedZones.Rich));
        var reply = Ask(DnsType.Ds);
        Verifier.Complaints([.. reply.Answers, .. reply.Authority], Keys, SignedZones.Now).ShouldBeEmpty();
        if (isSigned)
        {
            Convert.ToHexString(reply.Answers[0].Data.AsSpan()).ShouldBe(Convert.ToHexString(child.Key.ToDs(child.Zone)));
            Verifier.Complaints(Ask(DnsType.Soa).Answers, [child.Key], SignedZones.Now).ShouldBeEmpty();
        }
        else
        {
            reply.Authority[0].Name.ShouldBe(SignedZones.Apex);
            NsecData.Read(reply.Authority[1]).Types.ShouldBe([DnsType.Ns, DnsType.Rrsig, DnsType.Nsec]);
            Ask(DnsType.Soa).Answers.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public void Who_takes_compact_answers_is_told_that_a_name_does_not_exist()
    {
        var compact = SignedZones.Dnssec with { CompactOk = true };
        var missing = SignedZones.Ask("absent.fleet.test", DnsType.A, edns: compact);
        missing.Rcode.ShouldBe(DnsRcode.NxDomain);
        missing.Edns!.Value.CompactOk.ShouldBeTrue();
        NsecData.Read(missing.Authority[1]).Types.ShouldContain(DnsType.Nxname);
        SignedZones.Ask("er.fleet.test", DnsType.A, edns: compact).Rcode.ShouldBe(DnsRcode.NoError);
        SignedZones.Ask("absent.fleet.test", DnsType.A).Edns!.Value.CompactOk.ShouldBeFalse();
        Zones.Ask(Zones.Usual(), "absent.fleet.test", DnsType.A, compact).Edns!.Value.CompactOk
            .ShouldBeFalse("an unsigned zone has no compact answers");
    }

    [Theory]
    [InlineData("s3.fleet.test", DnsType.A)]
    [InlineData("absent.fleet.test", DnsType.A)]
    [InlineData("s3.fleet.test", DnsType.Aaaa)]
    [InlineData("s3.fleet.test", DnsType.Nsec)]
    [InlineData("s3.fleet.test", DnsType.Rrsig)]
    [InlineData("fleet.test", DnsType.Ns)]
    public void Who_does_not_ask_for_signatures_gets_the_octets_of_an_unsigned_zone(string name, DnsType type)
    {
        foreach (var edns in new[] { null, (Edns?)new Edns(1232, 0, 0, false, null), new Edns(1232, 0, 0, false, null) { CompactOk = true } })
        {
            var query = Zones.Query(name, type, edns);
            SignedZones.Respond(SignedZones.Ring(), query).ShouldBe(SignedZones.Respond(null, query));
        }
    }

    [Fact]
    public void Keys_are_given_without_signatures_to_who_asks_for_them_so()
    {
        var reply = SignedZones.Ask("fleet.test", DnsType.Dnskey, edns: new Edns(1232, 0, 0, false, null));
        reply.Answers.Select(record => record.Type).ShouldBe([DnsType.Dnskey, DnsType.Dnskey]);
        reply.Answers.Select(record => Convert.ToHexString(record.Data.AsSpan()))
            .ShouldBe(Keys.Select(key => Convert.ToHexString(key.ToWire())), ignoreOrder: true);
    }

    [Fact]
    public void Key_sets_are_signed_by_the_key_signing_key_and_all_else_by_the_other()
    {
        foreach ((var name, var type, var key) in new[]
        {
            ("fleet.test", DnsType.Dnskey, SignedZones.KeySigning),
            ("fleet.test", DnsType.Cds, SignedZones.KeySigning),
            ("fleet.test", DnsType.Soa, SignedZones.ZoneSigning),
        })
        {
            Verifier.TagOf(SignedZones.Ask(name, type).Answers[^1]).ShouldBe(key.Key.Tag, $"{type}");
        }

        var cds = SignedZones.Ask("fleet.test", DnsType.Cds).Answers[0];
        Convert.ToHexString(cds.Data.AsSpan()).ShouldBe(Convert.ToHexString(SignedZones.KeySigning.Key.ToDs(SignedZones.Apex)));
    }

    [Fact]
    public void A_question_for_signatures_gets_the_one_of_the_denial()
    {
        var reply = SignedZones.Ask("s3.fleet.test", DnsType.Rrsig);
        var signature = reply.Answers.ShouldHaveSingleItem();
        Verifier.Covered(signature).ShouldBe(DnsType.Nsec);
        var denial = SignedZones.Ask("s3.fleet.test", DnsType.Nsec).Answers[0];
        Verifier.Complaints([denial, signature], Keys, SignedZones.Now).ShouldBeEmpty();
    }

    [Fact]
    public void The_type_that_marks_missing_names_cannot_be_asked_for() =>
        SignedZones.Ask("s3.fleet.test", DnsType.Nxname).Rcode.ShouldBe(DnsRcode.FormErr);

    [Fact]
    public void The_asker_s_spelling_comes_back_and_is_not_what_is_signed()
    {
        var reply = SignedZones.Ask("s3.fleet.test", DnsType.A);
        var query = Zones.Query("s3.fleet.test", DnsType.A, SignedZones.Dnssec);
        query[13] = (byte)'S';
        var spelled = Zones.Read(SignedZones.Respond(SignedZones.Ring(), query));
        spelled.QuestionWire[1].ShouldBe((byte)'S');
        Verifier.Complaints(spelled.Answers, Keys, SignedZones.Now).ShouldBeEmpty();
        spelled.Answers[0].ShouldBe(reply.Answers[0] with { Data = spelled.Answers[0].Data });
    }

    [Fact]
    public void What_does_not_fit_with_its_signature_comes_truncated()
    {
        // 26 addresses fit into 512 octets; with a signature of 106 more they do not.
        var zone = Zones.Snapshot(
            new BalancedName(
                DnsName.Parse("n.fleet.test"),
                0,
                26,
                [.. Enumerable.Range(1, 26).Select(i => new Candidate(new IPAddress([10, 0, 0, (byte)i]), 1))]));
        var small = SignedZones.Dnssec with { PayloadMax = 512 };
        var plain = Zones.Read(SignedZones.Respond(null, Zones.Query("n.fleet.test", DnsType.A, small), zone));
        plain.Header.IsTruncated.ShouldBeFalse();
        plain.Answers.Length.ShouldBe(26);
        var signed = SignedZones.Respond(SignedZones.Ring(), Zones.Query("n.fleet.test", DnsType.A, small), zone);
        signed.Length.ShouldBeLessThanOrEqualTo(512);
        var reply = Zones.Read(signed);
        reply.Header.IsTruncated.ShouldBeTrue();
        reply.Answers.ShouldBeEmpty();
    }

    [Fact]
    public void Another_zone_s_keys_sign_nothing_here()
    {
        var other = SignedZones.Ring(SignedZones.NewKey(DnsKey.ZoneSigningFlags, SignedZones.Working, "other.test"));
        SignedZones.Ask("s3.fleet.test", DnsType.A, other).Answers.ShouldHaveSingleItem().Type.ShouldBe(DnsType.A);
    }
}
