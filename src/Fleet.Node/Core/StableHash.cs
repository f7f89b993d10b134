namespace Fleet.Node.Core;

/// <summary>
/// Hashes that are the same on every node, in every process and release, unlike <see cref="string.GetHashCode()"/>. Not for adversaries.
/// </summary>
internal static class StableHash
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>FNV-1a (64 bits) over the UTF-16 units of a text, low byte first, and mixed.</summary>
    public static ulong Compute(string text)
    {
        var hash = FnvOffset;
        foreach (var unit in text)
        {
            hash = (hash ^ (byte)unit) * FnvPrime;
            hash = (hash ^ (byte)(unit >> 8)) * FnvPrime;
        }

        return Mix(hash);
    }

    /// <summary>The hash of a pair. Its order matters.</summary>
    public static ulong Compute(ulong first, ulong second) => Mix(first ^ Mix(second + 0x9E3779B97F4A7C15));

    /// <summary>The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input reaches every bit of the output.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
