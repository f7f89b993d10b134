using Fleet.Shared.Dns;

namespace Fleet.Node.Tests.Gslb.Signing.Tools;

/// <summary>A validating resolver in front of the server, as a client meets it.</summary>
public class UnboundTests
{
    [ToolFact("unbound")]
    public Task Unbound_takes_every_answer_for_authentic_where_it_asks_the_zone_s_server() => AskAll("stub");

    [ToolFact("unbound")]
    public Task Unbound_takes_every_answer_for_authentic_where_it_forwards() => AskAll("forward");

    [ToolFact("unbound")]
    public async Task Unbound_refuses_answers_signed_with_keys_of_somebody_else()
    {
        await using var server = new SignedServer();
        server.SignWithKeysOfSomebodyElse();
        await using var resolver = await Unbound.StartAsync(server, "stub");
        foreach ((var name, var type) in new[] { ("s3.fleet.test", DnsType.A), ("absent.fleet.test", DnsType.A), ("fleet.test", DnsType.Ns) })
            resolver.Ask(name, type).Rcode.ShouldBe(DnsRcode.ServFail, name);
    }

    [ToolFact("unbound")]
    public async Task Unbound_follows_the_chain_into_a_zone_within_the_zone_and_takes_one_without_keys_for_insecure()
    {
        foreach (var isSigned in new[] { true, false })
        {
            await using var server = new SignedServer(isSigned);
            await using var resolver = await Unbound.StartAsync(server, "stub");
            var cases = new[]
            {
                ("www.sub.fleet.test", DnsType.A), ("absent.sub.fleet.test", DnsType.A), ("to-sub.fleet.test", DnsType.A),
                ("sub.fleet.test", DnsType.Soa),
            };
            foreach ((var name, var type) in cases)
            {
                var reply = resolver.Ask(name, type);
                reply.Rcode.ShouldBe(
                    name.StartsWith("absent", StringComparison.Ordinal) && !isSigned ? DnsRcode.NxDomain : DnsRcode.NoError, $"{name} {isSigned}");
                Unbound.IsAuthentic(reply).ShouldBe(isSigned, $"{name} {isSigned}");
            }

            Unbound.IsAuthentic(resolver.Ask("sub.fleet.test", DnsType.Ds)).ShouldBeTrue("the zone around it is signed");
        }
    }

    private static async Task AskAll(string role)
    {
        await using var server = new SignedServer();
        await using var resolver = await Unbound.StartAsync(server, role);
        foreach ((var name, var type, var records) in new[]
        {
            ("s3.fleet.test", DnsType.A, 1),
            ("many.fleet.test", DnsType.A, 64),
            ("dual.fleet.test", DnsType.Aaaa, 1),
            ("alias.fleet.test", DnsType.A, 1),
            ("map.fleet.test", DnsType.Txt, 1),
            ("fleet.test", DnsType.Mx, 2), ("fleet.test", DnsType.Ns, 2), ("fleet.test", DnsType.Dnskey, 2), ("_s3._tcp.fleet.test", DnsType.Srv, 1),
            ("absent.fleet.test", DnsType.A, 0),
            ("a.b.absent.fleet.test", DnsType.Aaaa, 0),
            ("s3.fleet.test", DnsType.Aaaa, 0),
            ("er.fleet.test", DnsType.A, 0),
            ("down.fleet.test", DnsType.A, 0),
        })
        {
            var reply = resolver.Ask(name, type);
            reply.Rcode.ShouldBe(DnsRcode.NoError, $"{name} {type}");
            Unbound.IsAuthentic(reply).ShouldBeTrue($"{name} {type}");
            reply.Answers.Count(record => record.Type == type).ShouldBe(reply.Header.IsTruncated ? 0 : records, $"{name} {type}");
        }
    }
}
