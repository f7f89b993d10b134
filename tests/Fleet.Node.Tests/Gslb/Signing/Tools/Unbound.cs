using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Dns;

namespace Fleet.Node.Tests.Gslb.Signing.Tools;

/// <summary>A validating resolver of its own configuration on a loopback port; killed when the test ends.</summary>
internal sealed class Unbound : IAsyncDisposable
{
    private const ushort AuthenticFlag = 0x0020;

    private readonly Process _process;

    private Unbound(Process process, IPEndPoint endpoint)
    {
        _process = process;
        Endpoint = endpoint;
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>Starts it with one zone at a server, found as <paramref name="role"/> says: <c>stub</c> or <c>forward</c>.</summary>
    public static async Task<Unbound> StartAsync(SignedServer server, string role)
    {
        var endpoint = FreeEndpoint();
        var configuration = server.Write("unbound.conf", $"""
            server:
              directory: "{server.Folder}"
              chroot: ""
              username: ""
              pidfile: ""
              use-syslog: no
              interface: {endpoint.Address}
              port: {endpoint.Port.ToString(CultureInfo.InvariantCulture)}
              do-ip6: no
              do-not-query-localhost: no
              module-config: "validator iterator"
              local-zone: "test." nodefault
              trust-anchor-file: "{server.Write("anchor", server.DsLine)}"
            {role}-zone:
              name: "fleet.test"
              {role}-addr: 127.0.0.1@{server.Port}
            remote-control:
              control-enable: no
            """);
        var start = new ProcessStartInfo(SystemProgram.Find("unbound")!, ["-d", "-d", "-p", "-c", configuration]) { UseShellExecute = false };
        var resolver = new Unbound(Process.Start(start)!, endpoint);
        try
        {
            await resolver.WaitAsync();
            return resolver;
        }
        catch
        {
            await resolver.DisposeAsync();
            throw;
        }
    }

    public DnsReply Ask(string name, DnsType type)
    {
        var query = new byte[DnsQuery.SizeMax];
        var length = new DnsQuery(0x4321, DnsName.Parse(name), type) { RecursionDesired = true, Edns = SignedZones.Dnssec }.Write(query);
        return Zones.Read(Asker.OverUdp(Endpoint, query[..length]));
    }

    /// <summary>Whether the resolver says that an answer is authentic (AD, RFC 4035 3.2.3).</summary>
    public static bool IsAuthentic(DnsReply reply) => (reply.Header.Flags & AuthenticFlag) != 0;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>An address of this machine that no other test uses, with a port that was free a moment ago.</summary>
    private static IPEndPoint FreeEndpoint()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.53.9.1"), 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private async Task WaitAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                Ask("fleet.test", DnsType.Soa);
                return;
            }
            catch (SocketException) when (tries < 100 && !_process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }
}
