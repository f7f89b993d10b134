using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;
using static Fleet.Node.Tests.Gslb.Servers;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Zone transfers: AXFR (RFC 5936), and IXFR answered as AXFR (RFC 1995).</summary>
public class TransferTests
{
    private static readonly ServingRules ToLoopback = new() { TransferTo = [PrefixOf("127.0.0.0/8")] };
    private static readonly GslbZone Allowing = GslbZone.Default with { TransferTo = [PrefixOf("127.0.0.0/8")] };

    [Fact]
    public async Task A_transfer_begins_and_ends_with_the_soa_and_holds_every_record_once()
    {
        await using var server = Serving(Content(
            Balanced("s3.fleet.test", "203.0.113.5", "203.0.113.6"), Balanced("down.fleet.test"), Balanced("deep.er.fleet.test", "2001:db8::6")) with
        {
            Plain = [new RecordSet(Name("fleet.test"), DnsType.Txt, 300, [[2, (byte)'h', (byte)'i']]), Alias("www.fleet.test", "s3.fleet.test")],
        });
        string[] lines = [.. Transfer(server, Query("fleet.test", DnsType.Axfr)).Select(record => record.ToString())];
        const string Soa = "fleet.test 5 IN SOA adc-1.fleet.test hostmaster.fleet.test 42 60 10 86400 5";
        lines[0].ShouldBe(Soa);
        lines[^1].ShouldBe(Soa);
        lines[1..^1].Order(StringComparer.Ordinal).ShouldBe(
        [
            "adc-1.fleet.test 60 IN A 192.0.2.1",
            "adc-2.fleet.test 60 IN AAAA 2001:db8::2",
            "deep.er.fleet.test 0 IN AAAA 2001:db8::6",
            "fleet.test 300 IN TXT \"hi\"",
            "fleet.test 60 IN NS adc-1.fleet.test",
            "fleet.test 60 IN NS adc-2.fleet.test",
            "s3.fleet.test 0 IN A 203.0.113.5",
            "s3.fleet.test 0 IN A 203.0.113.6",
            "www.fleet.test 0 IN CNAME s3.fleet.test",
        ]);
    }

    [Fact]
    public async Task A_large_zone_takes_many_messages_and_the_connection_goes_on()
    {
        await using var server = Serving(
            Content([.. Enumerable.Range(0, 10_000).Select(i => Balanced($"name-{i}.fleet.test", $"10.0.{i >> 8}.{i & 0xFF}", "2001:db8::1"))]));
        using var client = Asker.OpenTcp(server.Endpoint);
        var stream = client.GetStream();
        stream.Write([
            .. Asker.Frame(Query("name-1.fleet.test", DnsType.A, id: 1)), .. Asker.Frame(Query("fleet.test", DnsType.Axfr, id: 2)),
            .. Asker.Frame(Query("name-2.fleet.test", DnsType.A, id: 3)),
        ]);
        Read(Asker.ReadFrame(stream)).Header.Id.ShouldBe((ushort)1);
        DnsRecord[] records = [.. ReadTransfer(stream, 2, out var messages)];
        messages.ShouldBeGreaterThan(5);
        records.Length.ShouldBe(1 + 2 + 2 + 20_000 + 1);
        records.Select(record => record.ToString()).Distinct().Count().ShouldBe(records.Length - 1);
        Read(Asker.ReadFrame(stream)).Header.Id.ShouldBe((ushort)3);
        await Eventually(() => server.Counters == new DnsCounters(3, 3, 0, 0), () => server.Counters.ToString());
    }

    [Fact]
    public void A_transfer_keeps_its_version_whatever_the_limit_of_a_message()
    {
        var zone = Usual();
        foreach (var room in (int[])[150, 512, 65_535])
        {
            var transfer = TransferOut.Begin(zone, Query("fleet.test", DnsType.Axfr), [127, 0, 0, 1], ToLoopback)!;
            var buffer = new byte[room];
            var records = new List<DnsRecord>();
            while (transfer.WriteNext(buffer) is var length and > 0)
                records.AddRange(Read(buffer[..length]).Answers);
            records.Count.ShouldBe(1 + 2 + 2 + 1 + 2 + 1 + 64 + 1, $"room {room}");
            records[^1].Soa!.Serial.ShouldBe(42u);
        }
    }

    [Fact]
    public void A_record_that_fits_nowhere_ends_the_transfer_without_its_second_soa()
    {
        ZoneSnapshot zone = new(
            Content() with { Plain = [new RecordSet(Name("big.fleet.test"), (DnsType)65_400, 1, [[.. new byte[60_000]]])] }, Born);
        var transfer = TransferOut.Begin(zone, Query("fleet.test", DnsType.Axfr), [127, 0, 0, 1], ToLoopback)!;
        var buffer = new byte[4096];
        var soas = 0;
        for (var messages = 0; transfer.WriteNext(buffer) is var length and > 0; messages++)
        {
            messages.ShouldBeLessThan(5);
            soas += Read(buffer[..length]).Answers.Count(record => record.Type == DnsType.Soa);
        }

        soas.ShouldBe(1);
    }

    [Fact]
    public void The_askers_case_is_in_the_question_and_nowhere_else()
    {
        var query = Query("fleet.test", DnsType.Axfr);
        query[13] = (byte)'F';
        var buffer = new byte[65_535];
        var length = TransferOut.Begin(Usual(), query, [127, 0, 0, 1], ToLoopback)!.WriteNext(buffer);
        buffer.AsSpan(0, length).Count((byte)'F').ShouldBe(1);
        buffer.AsSpan(0, length).IndexOf("fleet"u8).ShouldBe(29); // written out once, for the first record
        buffer.AsSpan(30, length - 30).IndexOf("fleet\u0004test\0\0\u0001"u8).ShouldBe(-1); // and no owner of an address after it
    }

    [Fact]
    public void Opt_is_answered_with_opt_in_the_first_message_alone()
    {
        var transfer = TransferOut.Begin(
            Usual(), Query("fleet.test", DnsType.Axfr, new Edns(4096, 0, 0, false, null)), [127, 0, 0, 1], ToLoopback)!;
        var buffer = new byte[600];
        Read(buffer[..transfer.WriteNext(buffer)]).Edns.HasValue.ShouldBeTrue();
        Read(buffer[..transfer.WriteNext(buffer)]).Edns.HasValue.ShouldBeFalse();
    }

    [Theory]
    [InlineData("fleet.test", DnsType.Axfr, true, "192.0.2.1", DnsRcode.Refused)] // not for this asker
    [InlineData("fleet.test", DnsType.Ixfr, true, "192.0.2.1", DnsRcode.Refused)]
    [InlineData("example.com", DnsType.Axfr, true, "192.0.2.1", DnsRcode.Refused)]
    [InlineData("example.com", DnsType.Axfr, true, "127.0.0.1", DnsRcode.NotAuth)]
    [InlineData("s3.fleet.test", DnsType.Axfr, true, "127.0.0.1", DnsRcode.NotAuth)] // a name, not a zone
    [InlineData("test", DnsType.Axfr, true, "127.0.0.1", DnsRcode.NotAuth)]
    [InlineData("fleet.test", DnsType.Axfr, false, "127.0.0.1", DnsRcode.NotImp)]
    [InlineData("fleet.test", DnsType.Axfr, false, "192.0.2.1", DnsRcode.Refused)]
    [InlineData("fleet.test", DnsType.Axfr, true, "2001:db8::1", DnsRcode.Refused)]
    public void Whoever_may_not_have_it_is_told_why(string zone, DnsType type, bool overTcp, string source, DnsRcode rcode)
    {
        var asker = IPAddress.Parse(source).GetAddressBytes();
        if (overTcp)
            TransferOut.Begin(Usual(), Query(zone, type), asker, ToLoopback).ShouldBeNull();
        var reply = Read(Respond(Usual(), Query(zone, type), new Lane(1) { Rules = ToLoopback }, asker, Born, overTcp));
        reply.Rcode.ShouldBe(rcode);
        reply.Answers.ShouldBeEmpty();
    }

    [Fact]
    public void Without_networks_in_the_configuration_nobody_may() =>
        Read(Respond(Usual(), Query("fleet.test", DnsType.Axfr), overTcp: true)).Rcode.ShouldBe(DnsRcode.Refused);

    [Fact]
    public void Ixfr_over_udp_gets_the_soa_alone()
    {
        var reply = Read(Respond(Usual(), Query("fleet.test", DnsType.Ixfr), new Lane(1) { Rules = ToLoopback }, [127, 0, 0, 1], Born));
        reply.Answers.Single().Soa!.Serial.ShouldBe(42u);
        reply.Header.IsAuthoritative.ShouldBeTrue();
        reply.Header.IsTruncated.ShouldBeFalse();
    }

    [Theory]
    [InlineData(41u, 74)] // one behind: the whole zone
    [InlineData(42u, 1)]
    [InlineData(43u, 1)]
    [InlineData(0x8000_0029u, 1)] // ahead, in serial arithmetic (RFC 1982)
    [InlineData(0x8000_002Bu, 74)]
    public void Ixfr_over_tcp_gets_the_whole_zone_or_where_it_is_current_the_soa_alone(uint serial, int records)
    {
        var query = Query("fleet.test", DnsType.Ixfr);
        query[9] = 1;
        var soa = new DnsSoa(Name("a.test"), Name("b.test"), serial, 1, 2, 3, 4).ToWire();
        query = [.. query, 0xC0, 12, 0, 6, 0, 1, 0, 0, 0, 0, 0, (byte)soa.Length, .. soa];
        var buffer = new byte[65_535];
        var length = TransferOut.Begin(Usual(), query, [127, 0, 0, 1], ToLoopback)!.WriteNext(buffer);
        Read(buffer[..length]).Answers.Length.ShouldBe(records);
    }

    [Fact]
    public async Task A_rule_that_changes_applies_from_the_next_query_on()
    {
        await using var server = Started();
        using var client = Asker.OpenTcp(server.Endpoint);
        client.GetStream().Write(Asker.Frame(Query("fleet.test", DnsType.Axfr)));
        Read(Asker.ReadFrame(client.GetStream())).Rcode.ShouldBe(DnsRcode.Refused);
        server.Apply(Allowing);
        client.GetStream().Write(Asker.Frame(Query("fleet.test", DnsType.Axfr, id: 9)));
        ReadTransfer(client.GetStream(), 9, out _).Count.ShouldBe(74);
    }

    private static Prefix PrefixOf(string text)
    {
        Prefix.TryParse(text, out var prefix).ShouldBeTrue();
        return prefix;
    }

    private static RecordSet Alias(string name, string target) => new(Name(name), DnsType.Cname, 0, [[.. Name(target).Wire]]);

    private static DnsServer Serving(ZoneContent content)
    {
        var server = Started();
        server.Publish(new ZoneSnapshot(content, Born));
        server.Apply(Allowing);
        return server;
    }

    private static List<DnsRecord> Transfer(DnsServer server, byte[] query)
    {
        using var client = Asker.OpenTcp(server.Endpoint);
        client.GetStream().Write(Asker.Frame(query));
        return ReadTransfer(client.GetStream(), 0x1234, out _);
    }

    private static List<DnsRecord> ReadTransfer(NetworkStream stream, ushort id, out int messages)
    {
        var records = new List<DnsRecord>();
        messages = 0;
        while (records.Count < 2 || records[^1].Type != DnsType.Soa)
        {
            var reply = Read(Asker.ReadFrame(stream));
            (reply.Header.Id, reply.Rcode, reply.Header.IsAuthoritative).ShouldBe((id, DnsRcode.NoError, true));
            reply.Answers.ShouldNotBeEmpty();
            records.AddRange(reply.Answers);
            messages++;
        }

        return records;
    }
}
