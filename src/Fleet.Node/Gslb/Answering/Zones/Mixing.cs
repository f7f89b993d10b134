namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>Hashes that every node works out alike: the finalizer of splitmix64 (Steele, Lea and Flood 2014). Not for secrets.</summary>
internal static class Mixing
{
    /// <summary>A hash of an address or a part of one.</summary>
    public static ulong Mix(UInt128 bits) => Mix((ulong)(bits >> 64) ^ Mix((ulong)bits));

    public static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    /// <summary>Evenly spread above 0 and up to 1.</summary>
    public static double Fraction(ulong value) => ((Mix(value) >> 11) + 1) * (1.0 / (1UL << 53));
}
