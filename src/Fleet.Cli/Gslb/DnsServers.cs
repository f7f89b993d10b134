using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fleet.Cli.Messages;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Cli.Gslb;

/// <summary>A DNS server to ask, and what to call it.</summary>
internal sealed record DnsServer(string Name, IPEndPoint Address);

/// <summary>Which servers a query goes to.</summary>
internal static class DnsServers
{
    private const int DefaultPort = 53;

    /// <summary>Every node that is up, or the one that was named, up or not.</summary>
    public static ImmutableArray<DnsServer> InMap(FleetMap map, string? node)
    {
        ImmutableArray<DnsServer> servers =
        [
            .. map.Nodes.Values
                .Where(entry => node is null ? entry.Presence == NodePresence.Up : entry.Name.Value == node)
                .Select(entry => new DnsServer(entry.Name.Value, Reachable(entry.Facts))),
        ];
        if (!servers.IsEmpty)
            return servers;
        throw new PbmException(ExitCode.Refused, node is null ? "no node is up that could be asked." : $"the fleet knows no node {node}.");
    }

    /// <summary>A node that listens on all its addresses is asked on the one where its API is.</summary>
    private static IPEndPoint Reachable(NodeFacts facts) =>
        facts.DnsAddress.Address.Equals(IPAddress.Any) || facts.DnsAddress.Address.Equals(IPAddress.IPv6Any)
            ? new IPEndPoint(facts.ApiAddress.Address, facts.DnsAddress.Port)
            : facts.DnsAddress;

    /// <summary>A server as the user wrote it: <c>host</c> or <c>host:port</c>.</summary>
    public static async Task<DnsServer> FindAsync(string text, CancellationToken cancel)
    {
        if (!Uri.TryCreate($"dns://{text}", UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw PbmException.Usage($"'{text}' is not a DNS server; one looks like 127.0.0.1:5300.");
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(uri.DnsSafeHost, cancel);
            return new DnsServer(text, new IPEndPoint(addresses[0], uri.Port < 0 ? DefaultPort : uri.Port));
        }
        catch (SocketException e)
        {
            throw PbmException.Unreachable($"{text}: {e.Message}.");
        }
    }
}
