using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb;
using Fleet.Shared.Dns;

namespace Fleet.Node.Tests.Gslb.World;

/// <summary>What unbound, a recursive resolver, makes of our answers: as a stub zone and as a forwarder, with 0x20 checked in every reply.</summary>
public sealed class ResolverAgreementTests : IAsyncLifetime
{
    private readonly DnsServer _server = Servers.Started();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-unbound-");
    private Process? _unbound;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_unbound is { HasExited: false })
        {
            _unbound.Kill();
            await _unbound.WaitForExitAsync();
        }

        _unbound?.Dispose();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [WorldTheory("unbound")]
    [InlineData("stub")]
    [InlineData("forward")]
    public async Task A_resolver_gives_its_clients_what_we_answer(string kind)
    {
        var resolver = await StartAsync(kind);
        foreach ((var name, var type) in ((string, DnsType)[])[
            ("s3.fleet.test", DnsType.A), ("dual.fleet.test", DnsType.Aaaa), ("fleet.test", DnsType.Soa), ("many.fleet.test", DnsType.A),
            ("absent.fleet.test", DnsType.A), ("s3.fleet.test", DnsType.Txt), ("er.fleet.test", DnsType.A), ("fleet.test", DnsType.Ns)])
        {
            var meant = Zones.Ask(Zones.Usual(), name, type, overTcp: true);
            var got = Resolve(resolver, name, type);
            got.Rcode.ShouldBe(meant.Rcode, $"{name} {type}");
            Data(got).ShouldBe(Data(meant), $"{name} {type}");
            got.Authority
                .Any(record => record.Type == DnsType.Soa)
                .ShouldBe(meant.Authority.Any(record => record.Type == DnsType.Soa), $"{name} {type}");
        }

        Resolve(resolver, "map.fleet.test", DnsType.Txt).Answers.Single().Text!.ShouldStartWith("term=3 revision=42");
    }

    [WorldTheory("unbound")]
    [InlineData("stub")]
    public async Task With_a_ttl_of_0_a_change_is_seen_at_once_and_what_does_not_exist_is_remembered(string kind)
    {
        var resolver = await StartAsync(kind);
        Resolve(resolver, "s3.fleet.test", DnsType.A).Answers.Single().Address!.ToString().ShouldBe("203.0.113.5");
        _server.Publish(Zones.Snapshot(Zones.Balanced("s3.fleet.test", "203.0.113.99")));
        Resolve(resolver, "s3.fleet.test", DnsType.A).Answers.Single().Address!.ToString().ShouldBe("203.0.113.99");
        Resolve(resolver, "absent.fleet.test", DnsType.A).Rcode.ShouldBe(DnsRcode.NxDomain);
        var asked = _server.Counters.Queries;
        Resolve(resolver, "absent.fleet.test", DnsType.A).Rcode.ShouldBe(DnsRcode.NxDomain);
        _server.Counters.Queries.ShouldBe(asked); // from its cache: the SOA's minimum is 5 s
    }

    private static string[] Data(DnsReply reply) =>
        [.. reply.Answers.Select(record => $"{record.Name} {record.Type} {Convert.ToHexString(record.Data.AsSpan())}").Order(StringComparer.Ordinal)];

    private static DnsReply Resolve(IPEndPoint resolver, string name, DnsType type)
    {
        var query = new byte[DnsQuery.SizeMax];
        var length = new DnsQuery(77, Zones.Name(name), type) { RecursionDesired = true, Edns = new Edns(4096, 0, 0, false, null) }.Write(query);
        using var client = Asker.OpenTcp(resolver);
        client.GetStream().Write(Asker.Frame(query[..length]));
        return Zones.Read(Asker.ReadFrame(client.GetStream()));
    }

    private async Task<IPEndPoint> StartAsync(string kind)
    {
        var resolver = new IPEndPoint(IPAddress.Parse("127.53.9.1"), FreePort());
        var file = Path.Combine(_folder.FullName, "unbound.conf");
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"""
            server:
              directory: "{_folder.FullName}"
              chroot: ""
              username: ""
              pidfile: ""
              use-syslog: no
              do-daemonize: no
              num-threads: 1
              interface: {resolver.Address}@{resolver.Port}
              access-control: 127.0.0.0/8 allow
              do-not-query-localhost: no
              module-config: "iterator"
              local-zone: "test." nodefault
              use-caps-for-id: yes
            remote-control:
              control-enable: no
            {kind}-zone:
              name: "fleet.test"
              {kind}-addr: 127.0.0.1@{_server.Endpoint.Port}

            """));
        _unbound = Process.Start(
            new ProcessStartInfo(SystemProgram.Find("unbound")!, ["-d", "-c", file]) { UseShellExecute = false, RedirectStandardError = true })!;
        var said = new List<string>();
        _unbound.ErrorDataReceived += (_, line) => said.Add(line.Data ?? "");
        _unbound.BeginErrorReadLine();
        await Servers.Eventually(() => _unbound.HasExited || IsListening(resolver), () => $"unbound does not start: {string.Join('\n', said)}");
        _unbound.HasExited.ShouldBeFalse(string.Join('\n', said));
        return resolver;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.53.9.1"), 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static bool IsListening(IPEndPoint at)
    {
        try
        {
            using var client = Asker.OpenTcp(at);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
