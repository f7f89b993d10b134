using System.Net;
using Fleet.Benchmarks.Dns.Load;
using Fleet.Benchmarks.Dns.Scenario;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;

namespace Fleet.Node.Tests.Bench;

public sealed class QuerySetTests
{
    private static readonly Workload Load = new(Names: 12_345, Prefixes: 1000);

    [Fact]
    public void A_query_asks_for_its_name_on_behalf_of_its_network_with_its_id()
    {
        var queries = new QuerySet(Load);
        var octets = Write(queries, 12_344, 0xBEEF, Workload.Network(300));

        DnsReply.TryRead(octets, out var read).ShouldBeTrue();
        read!.Header.Id.ShouldBe((ushort)0xBEEF);
        read.Header.IsResponse.ShouldBeFalse();
        DnsName.TryFromWire(read.QuestionWire.AsSpan(), out var name).ShouldBeTrue();
        name!.ToString().ShouldBe("svc-12344.bench.test");
        read.QuestionType.ShouldBe(DnsType.A);
        read.Edns!.Value.DnssecOk.ShouldBeFalse();
        read.Edns.Value.Subnet.ShouldBe(ClientSubnet.Truncate(IPAddress.Parse("16.1.44.0"), 24));
    }

    [Fact]
    public void What_is_patched_for_one_query_does_not_stay_in_the_next()
    {
        var queries = new QuerySet(Load);
        var clean = Write(queries, 7, 1, Workload.Network(5));

        Write(queries, 7, 0xFFFF, uint.MaxValue);

        Write(queries, 7, 1, Workload.Network(5)).ShouldBe(clean);
    }

    [Fact]
    public void Signatures_are_asked_for_where_the_run_is_about_them()
    {
        var queries = new QuerySet(Load, isSigned: true);

        DnsReply.TryRead(Write(queries, 0, 1, Workload.Network(0)), out var read).ShouldBeTrue();
        read!.Edns!.Value.DnssecOk.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 421)]
    public void Fleet_answers_the_workload_with_an_address_of_the_network_s_own_site(int name, int network)
    {
        var load = new Workload(Names: 100, Prefixes: 1000);
        var queries = new QuerySet(load);
        var answer = new byte[Edns.PayloadSafe];
        var length = Responder.Respond(
            new ZoneMaker().Make(BenchMap.Create(load), null, default), Write(queries, name, 9, Workload.Network(network)), answer,
            new Arrival([127, 0, 0, 1], overTcp: false, default), new Lane(1));

        DnsReply.TryRead(answer.AsSpan(0, length), out var reply).ShouldBeTrue();
        IPAddress[] own =
        [
            .. Enumerable.Range(0, Workload.AddressesPerSite).Select(which => Workload.Address(name, Workload.SiteOf(network), which)),
        ];
        reply!.Answers.ShouldHaveSingleItem().Address.ShouldBeOneOf(own);
        new IPAddress(answer.AsSpan(queries.AnswerAt + 12, 4)).ShouldBe(reply.Answers[0].Address, "where the withdrawal run looks for it");
    }

    [Fact]
    public void A_moved_vip_is_the_only_change_between_two_maps()
    {
        var load = new Workload(Names: 100, Prefixes: 10);
        var before = BenchMap.Create(load);
        var (after, change) = BenchMap.Move(before, load, 17);

        after.Vips.Count(vip => before.Vips[vip.Key].Owner != vip.Value.Owner).ShouldBe(1);
        change.From.ShouldBe(before.Version);
        (after.Version > before.Version).ShouldBeTrue();
    }

    private static byte[] Write(QuerySet queries, int name, ushort id, uint network)
    {
        var octets = new byte[queries.Length];
        queries.Write(name, id, network, octets);
        return octets;
    }
}
