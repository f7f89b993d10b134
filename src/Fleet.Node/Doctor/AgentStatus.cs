using System.Collections.Immutable;
using System.Net;
using System.Text.Json;

namespace Fleet.Node.Doctor;

/// <summary>The agent that answers at the address of this node's API.</summary>
/// <param name="Rivals">VIPs that somebody else answers for too, with that one's Ethernet address.</param>
internal sealed record AgentStatus(int Pid, ImmutableSortedDictionary<string, string> Rivals)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Null where none answers, or its port is any free one and so not known.</summary>
    public static async Task<AgentStatus?> FindAsync(IPEndPoint api, CancellationToken cancellation)
    {
        if (api.Port == 0)
            return null;
        var any = api.Address.Equals(IPAddress.Any);
        var host = any ? IPAddress.Loopback : api.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : api.Address;
        try
        {
            using var http = new HttpClient { Timeout = Patience };
            return Read(await http.GetStringAsync(new Uri($"http://{new IPEndPoint(host, api.Port)}/v1/status"), cancellation));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Null where that is not the status of a node.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal static AgentStatus? Read(string status)
    {
        using var document = JsonDocument.Parse(status);
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } root
            || !root.TryGetProperty("pid", out var number)
            || number.ValueKind is not JsonValueKind.Number
            || !number.TryGetInt32(out var pid))
            return null;
        var rivals = root.TryGetProperty("rivals", out var named) && named.ValueKind is JsonValueKind.Object ? named.EnumerateObject().ToArray() : [];
        return new AgentStatus(pid, rivals.ToImmutableSortedDictionary(vip => vip.Name, vip => $"{vip.Value}", StringComparer.Ordinal));
    }
}
