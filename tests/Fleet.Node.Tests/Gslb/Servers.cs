using System.Net;
using Fleet.Node.Gslb;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Servers on real sockets, answering from <see cref="Zones.Usual"/>.</summary>
internal static class Servers
{
    public static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    public static DnsServer Started(DnsServerOptions? options = null, IPEndPoint? endpoint = null)
    {
        var server = new DnsServer(options ?? new DnsServerOptions(), MonotonicClock.System, NullLogger<DnsServer>.Instance);
        server.Publish(Zones.Usual());
        server.Start(endpoint ?? AnyPort);
        return server;
    }

    public static async Task Eventually(Func<bool> holds, Func<string> otherwise)
    {
        var held = holds();
        for (var i = 0; i < 500 && !held; i++)
        {
            await Task.Delay(10);
            held = holds();
        }

        held.ShouldBeTrue(otherwise());
    }
}
