using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gate;

/// <summary>A kind of text: what is allowed, in words and as a test.</summary>
public sealed record TextRule(string Allowed, Func<string, bool> Has);

/// <summary>Every kind of text that Fleet has, once; see <see cref="Limits"/>.</summary>
public static class Texts
{
    private const int PathMax = 2_000;

    /// <summary>Nodes, sites, domains: one word that fits a table, a log line and a file name.</summary>
    public static readonly TextRule Name = new("a name of up to 63 letters, digits, '-', '_' or '.', with a letter or digit first", IsName);

    /// <summary>What may stand between dots in DNS (RFC 1123, section 2.1).</summary>
    public static readonly TextRule Label = new("a DNS label: up to 63 letters, digits or '-', none of them '-' at an end", IsLabel);

    public static readonly TextRule Zone = new(
        "a DNS name without a dot at its end, such as fleet.internal", text => text.Length <= 200 && text.Split('.').All(IsLabel));

    public static readonly TextRule UrlPath = new(
        "a path that begins with /, without blanks", text => text.StartsWith('/') && text.Length <= PathMax && !text.Any(c => c <= ' ' || c > '~'));

    /// <summary>What a host is known by; see <see cref="Model.NodeFacts.Host"/>.</summary>
    public static readonly TextRule HostId = new(
        "1 to 64 letters or digits", text => text.Length is > 0 and <= 64 && text.All(char.IsAsciiLetterOrDigit));

    /// <summary>Whoever asks for a change, in the journal and in logs.</summary>
    public static readonly TextRule Actor = new(
        "1 to 100 characters, none of them a control character", text => text.Length is > 0 and <= 100 && !text.Any(char.IsControl));

    /// <summary>The address of one host that traffic can be sent to.</summary>
    public const string Host = "the address of one host: not 0.0.0.0/8 or ::, not multicast, not broadcast, and an IPv4 address as such, not as "
        + "::ffff:a.b.c.d";

    /// <summary>Where a real server listens.</summary>
    public const string HostAndPort = "an address and a port from 1 to 65535, such as \"10.0.0.1:80\" or \"[2001:db8::1]:80\"; " + Host;

    /// <summary>Where a node itself listens: all its addresses will do.</summary>
    public const string Listening = "an address and a port from 1 to 65535; no multicast, no broadcast, and an IPv4 address as such";

    private static readonly (VipAddress First, VipAddress Last)[] NoHosts =
    [
        (VipAddress.Parse("0.0.0.0"), VipAddress.Parse("0.255.255.255")),
        (VipAddress.Parse("224.0.0.0"), VipAddress.Parse("239.255.255.255")),
        (VipAddress.Parse("255.255.255.255"), VipAddress.Parse("255.255.255.255")),
        (VipAddress.Parse("::"), VipAddress.Parse("::")),
        (VipAddress.Parse("::ffff:0:0"), VipAddress.Parse("::ffff:ffff:ffff")),
        (VipAddress.Parse("ff00::"), VipAddress.Parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")),
    ];

    public static bool IsHost(VipAddress address) => AreHosts(address, address);

    /// <summary>Whether a host can have every address from the first to the last.</summary>
    public static bool AreHosts(VipAddress first, VipAddress last) =>
        NoHosts.All(no => no.First.IsV6 != first.IsV6 || last.CompareTo(no.First) < 0 || first.CompareTo(no.Last) > 0);

    public static bool IsHostAndPort(IPEndPoint endpoint) => Limits.Port.Has(endpoint.Port) && IsHost(new VipAddress(endpoint.Address));

    public static bool IsListening(IPEndPoint endpoint) =>
        Limits.Port.Has(endpoint.Port)
            && (endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) || IsHost(new VipAddress(endpoint.Address)));

    /// <summary>
    /// Takes <c>10.0.0.1:80</c> and <c>[::1]:80</c>, whole, as people write them: the short forms that the framework takes are refused.
    /// </summary>
    public static bool TryEndpoint(string text, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.Any, 0);
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        var host = text[..colon];
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!VipAddress.TryParse(bracketed ? host[1..^1] : host, out var address)
            || bracketed != (address.Value.AddressFamily == AddressFamily.InterNetworkV6))
            return false;
        endpoint = new IPEndPoint(address.Value, port);
        return true;
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= 63 && text[0] != '-' && text[^1] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
