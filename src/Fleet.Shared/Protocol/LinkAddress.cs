using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Fleet.Shared.Gate;

namespace Fleet.Shared.Protocol;

/// <summary>What carries a link. The name of each, in lower case, is the scheme of its addresses.</summary>
public enum LinkTransport
{
    /// <summary>A WebSocket over TCP (RFC 6455), without encryption.</summary>
    Ws,
}

/// <summary>Where a coordinator takes the links of nodes, and by what transport: <c>ws://10.0.0.1:7400</c>.</summary>
public sealed record LinkAddress(LinkTransport Transport, IPEndPoint Endpoint)
{
    private const string Mark = "://";

    /// <summary>Schemes are the same in any case (RFC 3986, section 3.1).</summary>
    private static readonly FrozenDictionary<string, LinkTransport> Schemes =
        Enum.GetValues<LinkTransport>().ToFrozenDictionary(Scheme, StringComparer.OrdinalIgnoreCase);

    public static string Allowed { get; } = "an address and a port from 1 to 65535, such as \"127.0.0.1:7400\" or "
        + $"\"ws://127.0.0.1:7400\"; the transports are: {string.Join(", ", Enum.GetValues<LinkTransport>().Select(Scheme))}";

    /// <param name="unsaid">The transport of an address that names none.</param>
    public static bool TryParse(string text, LinkTransport unsaid, [NotNullWhen(true)] out LinkAddress? address)
    {
        address = null;
        var (transport, host) = (unsaid, text);
        if (text.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var end)
        {
            if (!Schemes.TryGetValue(text[..end], out transport))
                return false;
            host = text[(end + Mark.Length)..];
        }

        if (!Texts.TryEndpoint(host, out var endpoint) || !Limits.Port.Has(endpoint.Port))
            return false;
        address = new LinkAddress(transport, endpoint);
        return true;
    }

    public override string ToString() => $"{Scheme(Transport)}{Mark}{Endpoint}";

    private static string Scheme(LinkTransport transport) => transport.ToString().ToLowerInvariant();
}
