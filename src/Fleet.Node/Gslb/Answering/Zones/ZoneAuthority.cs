using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>One zone that is answered for, and its SOA, which goes with every negative answer (RFC 2308 3).</summary>
internal sealed class ZoneAuthority
{
    private const uint RefreshSeconds = 60;
    private const uint RetrySeconds = 10;
    private const uint ExpireSeconds = 86_400;

    private readonly byte[] _soa;

    public ZoneAuthority(ZoneApex zone, ZoneContent content)
    {
        Name = zone.Name;
        var primary = content.NameServers is [var first, ..] ? first.Name : zone.Name;
        var soa = new DnsSoa(
            primary,
            zone.Mailbox,
            unchecked((uint)content.Version.Revision),
            RefreshSeconds,
            RetrySeconds,
            ExpireSeconds,
            content.NegativeTtlSeconds).ToWire();
        _soa = RecordBytes.Encode(DnsType.Soa, content.NegativeTtlSeconds, soa)[2..];
    }

    /// <summary>The apex.</summary>
    public DnsName Name { get; }

    /// <summary>The SOA record without its owner name. Its TTL is the negative TTL (RFC 2308 3).</summary>
    public ReadOnlySpan<byte> SoaWithoutOwner => _soa;
}
