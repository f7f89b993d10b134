using System.Collections.Immutable;
using System.Text;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishing;

/// <summary>Whose a name is.</summary>
internal abstract record ZoneOwnership
{
    private ZoneOwnership()
    {
    }

    /// <summary>No marker: whatever the name holds is not the fleet's.</summary>
    public sealed record Nobody : ZoneOwnership;

    /// <summary>This fleet made these types.</summary>
    public sealed record Ours(ImmutableSortedSet<DnsType> Types) : ZoneOwnership;

    /// <summary>Another fleet's, or a marker that cannot be read.</summary>
    public sealed record Another(string Cluster) : ZoneOwnership;
}

/// <summary>
/// The record that says which records are the fleet's: beside each name that has any, <c>_fleet-owner.NAME TXT "fleet=CLUSTER" "types=A AAAA"</c>. It
/// stands beside and not at the name, because nothing may stand next to an alias (RFC 1034 3.6.2).
/// </summary>
internal static class Marker
{
    private const string Label = "_fleet-owner";
    private const string Cluster = "fleet=";
    private const string Types = "types=";

    private static readonly DnsName Prefix = DnsName.Parse(Label);

    /// <summary>Null where the name is so long that there is no room for one.</summary>
    public static DnsName? NameFor(DnsName name) => Prefix.TryUnder(name, out var marker) ? marker : null;

    /// <summary>The name that this record marks; null if it is no marker.</summary>
    public static DnsName? NameOf(DnsName marker) => marker.Wire.StartsWith(Prefix.Wire[..^1]) ? marker.Parent : null;

    public static RecordSet Create(DnsName marker, string cluster, IEnumerable<DnsType> types, uint ttl) =>
        new(
            marker,
            DnsType.Txt,
            ttl,
            [[.. Text(Cluster + cluster), .. Text(Types + string.Join(' ', types.Order().Select(t => t.ToString().ToUpperInvariant())))]]);

    public static ZoneOwnership Read(RecordSet? marker, string cluster)
    {
        if (marker is null)
            return new ZoneOwnership.Nobody();
        var strings = marker.Data is [var only] ? Strings(only.AsSpan()) : [];
        if (strings is not [var fleet, var types]
            || !fleet.StartsWith(Cluster, StringComparison.Ordinal)
            || !types.StartsWith(Types, StringComparison.Ordinal))
            return new ZoneOwnership.Another("somebody's unreadable marker");
        return fleet[Cluster.Length..] == cluster
            ? new ZoneOwnership.Ours([.. types[Types.Length..].Split(' ').Select(TypeOf).OfType<DnsType>()])
            : new ZoneOwnership.Another($"fleet {fleet[Cluster.Length..]}");
    }

    private static DnsType? TypeOf(string word) => Enum.TryParse<DnsType>(word, ignoreCase: true, out var type) && Enum.IsDefined(type) ? type : null;

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static List<string> Strings(ReadOnlySpan<byte> data)
    {
        var strings = new List<string>();
        for (; data.Length > 0 && data.Length > data[0]; data = data[(data[0] + 1)..])
            strings.Add(Encoding.ASCII.GetString(data.Slice(1, data[0])));
        return strings;
    }
}
