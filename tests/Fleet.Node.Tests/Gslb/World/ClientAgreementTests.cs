using System.Globalization;
using Fleet.Node.Gslb;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Gslb.World;

/// <summary>What dig (BIND), kdig (Knot) and drill (ldns) understand is what was meant.</summary>
public sealed class ClientAgreementTests : IAsyncLifetime
{
    private readonly DnsServer _server = Servers.Started();

    private string Port => _server.Endpoint.Port.ToString(CultureInfo.InvariantCulture);

    public Task InitializeAsync()
    {
        Prefix.TryParse("127.0.0.0/8", out var loopback).ShouldBeTrue();
        _server.Apply(GslbZone.Default with { TransferTo = [loopback] });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [WorldTheory("dig", "kdig", "drill")]
    [InlineData("s3.fleet.test", DnsType.A)]
    [InlineData("S3.FLEET.test", DnsType.A)]
    [InlineData("dual.fleet.test", DnsType.Aaaa)]
    [InlineData("fleet.test", DnsType.Soa)]
    [InlineData("fleet.test", DnsType.Ns)]
    [InlineData("absent.fleet.test", DnsType.A)]
    [InlineData("s3.fleet.test", DnsType.Aaaa)]
    [InlineData("er.fleet.test", DnsType.A)]
    [InlineData("example.com", DnsType.A)]
    [InlineData("many.fleet.test", DnsType.A)] // truncated over UDP: they come back over TCP, drill when told to
    public async Task Answers_are_understood(string name, DnsType type)
    {
        var meant = Zones.Ask(Zones.Usual(), name, type, overTcp: true);
        string[] answers =
        [
            .. Zones.Lines(meant.Answers).Select(Reading.Plain).Select(line => line.ToLowerInvariant()).Order(StringComparer.Ordinal),
        ];
        string[] authority = [.. Zones.Lines(meant.Authority).Select(Reading.Plain).Select(line => line.ToLowerInvariant())];
        foreach (var program in (string[])["dig", "kdig", "drill"])
        {
            foreach (var tcp in program == "drill" && name == "many.fleet.test" ? (bool[])[true] : [false, true])
            {
                var read = await AskAsync(program, name, type.ToString().ToUpperInvariant(), tcp);
                read.Status.ShouldBe(meant.Rcode.ToString().ToUpperInvariant(), $"{program}: {read.Text}");
                read.Answers.Select(line => line.ToLowerInvariant()).ShouldBe(answers, $"{program}: {read.Text}");
                read.Authority.Select(line => line.ToLowerInvariant()).ShouldBe(authority, $"{program}: {read.Text}");
                read.Warnings().ShouldBeEmpty();
                read.Text.ShouldNotContain("malformed", Case.Insensitive);
            }
        }
    }

    [WorldTheory("dig", "kdig", "drill")]
    [InlineData("dig")]
    [InlineData("kdig")]
    [InlineData("drill")]
    public async Task The_maps_text_is_understood(string program) =>
        (await AskAsync(program, "map.fleet.test", "TXT", false)).Answers
            .Single()
            .ShouldStartWith("map.fleet.test 0 IN TXT term=3 revision=42 age-ms=");

    [WorldTheory("dig", "kdig", "drill")]
    [InlineData("dig")]
    [InlineData("kdig")]
    [InlineData("drill")]
    public async Task A_transfer_is_understood_whole(string program)
    {
        var read = await AskAsync(program, "fleet.test", "AXFR", tcp: true);
        var records = read.Records();
        records.Length.ShouldBe(74, read.Text);
        records.Count(record => record.Contains(" SOA ", StringComparison.Ordinal)).ShouldBe(2);
        records.ShouldContain("s3.fleet.test 0 IN A 203.0.113.5");
        records.ShouldContain("dual.fleet.test 0 IN AAAA 2001:db8::6");
        records.ShouldContain("fleet.test 60 IN NS adc-1.fleet.test");
    }

    [WorldTheory("dig", "kdig")]
    [InlineData("dig", "192.0.2.0/24", "192.0.2.0/24/0")]
    [InlineData("dig", "2001:db8::/56", "2001:db8::/56/0")]
    [InlineData("dig", "0", "0.0.0.0/0/0")]
    [InlineData("kdig", "192.0.2.0/24", "192.0.2.0/24/0")]
    [InlineData("kdig", "2001:db8::/56", "2001:db8::/56/0")]
    public async Task The_client_subnet_comes_back(string program, string subnet, string expected)
    {
        var read = await Reading.OfAsync(program, "@127.0.0.1", "-p", Port, "s3.fleet.test", "A", $"+subnet={subnet}");
        read.Answers.Length.ShouldBe(1);
        read.Text.ShouldContain($"CLIENT-SUBNET: {expected}");
    }

    [WorldTheory("dig", "kdig")]
    [InlineData("dig")]
    [InlineData("kdig")]
    public async Task Cookies_are_given_and_taken(string program)
    {
        var first = await Reading.OfAsync(program, "@127.0.0.1", "-p", Port, "s3.fleet.test", "A", "+cookie=0123456789abcdef");
        first.Answers.Length.ShouldBe(1, first.Text);
        var hex = string.Concat(
            first.Text
                .Split('\n')
                .Single(line => line.Contains("COOKIE:", StringComparison.Ordinal))
                .Split("COOKIE:")[1]
                .Where(char.IsAsciiHexDigit)
                .Take(48));
        hex.ToLowerInvariant().ShouldStartWith("0123456789abcdef01000000");
        _ = await Reading.OfAsync(program, "@127.0.0.1", "-p", Port, "s3.fleet.test", "A", $"+cookie={hex}");
        _server.Census().Counters["cookie-new"].ShouldBe(1);
        _server.Census().Counters["cookie-valid"].ShouldBe(1);
        _server.Census().Counters["cookie-bad"].ShouldBe(0);
    }

    [WorldTheory("dig")]
    [InlineData("+edns=1", "BADVERS")]
    [InlineData("+opcode=STATUS", "NOTIMP")]
    [InlineData("+ednsopt=65001:beef", "NOERROR")]
    [InlineData("+ednsflags=0x7fff", "NOERROR")]
    [InlineData("+class=CH", "REFUSED")]
    [InlineData("+header-only", "FORMERR")]
    [InlineData("+zflag", "NOERROR")]
    [InlineData("+ignore", "NOERROR")]
    public async Task What_the_compliance_testers_of_bind_ask_gets_what_they_expect(string option, string status)
    {
        string[] asked = option == "+class=CH" ? ["-c", "CH"] : [option];
        var read = await Reading.OfAsync(
            "dig", ["@127.0.0.1", "-p", Port, "s3.fleet.test", "A", "+norecurse", "+noednsnegotiation", "+nocookie", .. asked]);
        read.Status.ShouldBe(status, read.Text);
    }

    private Task<Reading> AskAsync(string program, string name, string type, bool tcp) => program == "drill"
        ? Reading.OfAsync(program, [.. tcp ? (string[])["-t"] : [], "-p", Port, name, "@127.0.0.1", type])
        : Reading.OfAsync(program, ["@127.0.0.1", "-p", Port, name, type, .. tcp ? (string[])["+tcp"] : []]);
}
