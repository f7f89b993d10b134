using System.Buffers.Binary;
using System.Numerics;

namespace Fleet.Shared.Dns;

/// <summary>
/// SipHash-2-4, 64 bits: a keyed hash for short input, which nobody without the key can predict or aim at
/// (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, section 2).
/// </summary>
public static class SipHash
{
    /// <summary>Octets of a key.</summary>
    public const int KeySize = 16;

    /// <summary>Hashes <paramref name="data"/>. The paper's output octets are this number, least significant octet first.</summary>
    public static ulong Hash(in SipKey key, ReadOnlySpan<byte> data)
    {
        var v0 = key.Low ^ 0x736F_6D65_7073_6575;
        var v1 = key.High ^ 0x646F_7261_6E64_6F6D;
        var v2 = key.Low ^ 0x6C79_6765_6E65_7261;
        var v3 = key.High ^ 0x7465_6462_7974_6573;
        var last = (ulong)data.Length << 56;
        for (; data.Length >= 8; data = data[8..])
            Compress(ref v0, ref v1, ref v2, ref v3, BinaryPrimitives.ReadUInt64LittleEndian(data));
        for (var i = 0; i < data.Length; i++)
            last |= (ulong)data[i] << (8 * i);
        Compress(ref v0, ref v1, ref v2, ref v3, last);
        v2 ^= 0xFF;
        for (var round = 0; round < 4; round++)
            Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static void Compress(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3, ulong word)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}

/// <summary>A key of <see cref="SipHash"/>: 128 bits.</summary>
/// <param name="Low">Its first eight octets, least significant first.</param>
/// <param name="High">The other eight.</param>
public readonly record struct SipKey(ulong Low, ulong High)
{
    /// <summary>The key of 16 octets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public static SipKey FromBytes(ReadOnlySpan<byte> octets) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(octets), BinaryPrimitives.ReadUInt64LittleEndian(octets[8..]));

    /// <summary>Shows nothing of the key: a key must not reach a log.</summary>
    public override string ToString() => nameof(SipKey);
}
