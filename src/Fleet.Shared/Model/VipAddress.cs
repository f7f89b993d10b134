using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;

namespace Fleet.Shared.Model;

/// <summary>One virtual IP address of a service: the unit that is placed on a node. Sorted by family, then by address bytes.</summary>
[JsonConverter(typeof(VipAddressJson))]
public readonly record struct VipAddress(IPAddress Value) : IComparable<VipAddress>
{
    public bool IsV6 => Value.AddressFamily == AddressFamily.InterNetworkV6;

    public static VipAddress Parse(string text) => new(IPAddress.Parse(text));

    /// <summary>Takes an address in text; scope ids and the short forms of <c>inet_aton</c> (such as <c>127.1</c>) are refused.</summary>
    public static bool TryParse(string? text, out VipAddress address)
    {
        address = default;
        if (text is null || !IPAddress.TryParse(text, out var parsed) || text.Contains('%', StringComparison.Ordinal))
            return false;
        if (parsed.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') != 3)
            return false;
        address = new VipAddress(parsed);
        return true;
    }

    public int CompareTo(VipAddress other)
    {
        Span<byte> mine = stackalloc byte[16];
        Span<byte> theirs = stackalloc byte[16];
        Value.TryWriteBytes(mine, out var length);
        other.Value.TryWriteBytes(theirs, out var otherLength);
        return length != otherLength ? length.CompareTo(otherLength) : mine[..length].SequenceCompareTo(theirs[..otherLength]);
    }

    public override string ToString() => Value.ToString();
}
