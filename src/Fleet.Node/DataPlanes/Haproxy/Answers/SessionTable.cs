using System.Net;

namespace Fleet.Node.DataPlanes.Haproxy.Answers;

/// <summary>
/// The answer to <c>show sess</c>: the connections that HAProxy is doing something for now, by their clients' addresses. A connection that waits for
/// its next request is not among them.
/// </summary>
internal static class SessionTable
{
    /// <summary>Null for what is no such answer: whoever asks is always among them, and without that line nobody knows who else is missing.</summary>
    public static HashSet<IPEndPoint>? TryClients(string answer)
    {
        if (!answer.Contains(" fe=GLOBAL ", StringComparison.Ordinal))
            return null;
        var clients = new HashSet<IPEndPoint>();
        foreach (var line in answer.AsSpan().EnumerateLines())
        {
            var at = line.IndexOf(" src=");
            if (at < 0)
                continue;
            var word = line[(at + " src=".Length)..];
            if (word.IndexOf(' ') is var end and >= 0)
                word = word[..end];
            if (TryEndpoint(word, out var client))
                clients.Add(client);
        }

        return clients;
    }

    /// <summary>HAProxy writes IPv6 addresses without brackets: the last colon is before the port.</summary>
    private static bool TryEndpoint(ReadOnlySpan<char> word, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.None, 0);
        var colon = word.LastIndexOf(':');
        if (colon < 0 || !IPAddress.TryParse(word[..colon].Trim("[]"), out var address) || !ushort.TryParse(word[(colon + 1)..], out var port))
            return false;
        endpoint = new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
        return true;
    }
}
