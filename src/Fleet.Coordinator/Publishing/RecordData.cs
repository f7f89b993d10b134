using System.Collections.Immutable;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishing;

/// <summary>Record data that holds a name: compared without regard to case (RFC 4034 6.2), and moved with the zone that the name lies in.</summary>
internal static class RecordData
{
    /// <summary>The data with its name in lower case.</summary>
    public static ImmutableArray<byte> Canonical(DnsType type, ImmutableArray<byte> data)
    {
        if (NameAt(type) is not { } at || at > data.Length)
            return data;
        var canonical = data.ToArray();
        DnsNameWire.ToCanonical(data.AsSpan()[at..], canonical.AsSpan(at));
        return [.. canonical];
    }

    /// <summary>The data with its name, where that lies in one zone, moved to another.</summary>
    public static ImmutableArray<byte> Moved(DnsType type, ImmutableArray<byte> data, DnsName from, DnsName to)
    {
        if (NameAt(type) is not { } at
            || at > data.Length
            || !DnsName.TryFromWire(data.AsSpan()[at..], out var name)
            || Moved(name, from, to) is not { } moved)
            return data;
        return [.. data.AsSpan()[..at], .. moved.Wire];
    }

    /// <summary>The name below another zone; null where it does not lie in the first, or would be too long.</summary>
    public static DnsName? Moved(DnsName name, DnsName from, DnsName to) =>
        name.IsWithin(from) && DnsName.TryFromWire([.. name.Wire[..^from.Length], .. to.Wire], out var moved) ? moved : null;

    /// <summary>Octets before the one name; null where there is none.</summary>
    private static int? NameAt(DnsType type) => DataLayout.ForType(type) is { Names: 1, Before: var before } ? before : null;
}
