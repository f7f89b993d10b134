using System.Numerics;
using System.Runtime.InteropServices;

namespace Fleet.Shared.Dns;

/// <summary>
/// Lets a dictionary keyed by <see cref="DnsName"/> be queried with canonical octets straight from a message, without allocating. The hash is stable
/// only within a process, and the keys come from configuration, so it need not resist chosen keys.
/// </summary>
public sealed class DnsNameComparer : IEqualityComparer<DnsName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, DnsName>
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The one comparer: it holds no state.</summary>
    public static DnsNameComparer Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(DnsName? x, DnsName? y) => x is null ? y is null : x.Equals(y);

    /// <inheritdoc/>
    public int GetHashCode(DnsName obj) => GetHashCode(obj.Wire);

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<byte> alternate, DnsName other) => alternate.SequenceEqual(other.Wire);

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)(HashOf(alternate) >> 32);

    /// <summary>A hash of a canonical name in wire form; all its bits are good.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> name) => HashOf((ulong)name.Length, name);

    /// <summary>Extends <paramref name="hash"/> by these octets, as if they followed what it is the hash of.</summary>
    public static ulong HashOf(ulong hash, ReadOnlySpan<byte> octets)
    {
        for (; octets.Length >= 8; octets = octets[8..])
            hash = BitOperations.RotateLeft((hash ^ MemoryMarshal.Read<ulong>(octets)) * Multiplier, 29);
        foreach (var octet in octets)
            hash = BitOperations.RotateLeft((hash ^ octet) * Multiplier, 29);
        hash *= Multiplier;
        return hash ^ (hash >> 32);
    }

    /// <inheritdoc/>
    public DnsName Create(ReadOnlySpan<byte> alternate) =>
        DnsName.TryFromWire(alternate, out var name) ? name : throw new ArgumentException("not a name in wire form", nameof(alternate));
}
