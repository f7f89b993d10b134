namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// xorshift64* (Marsaglia 2003, Vigna 2016): one word of state, a few instructions per number, replayable from its seed.
/// Good enough to spread load; never use it for secrets.
/// </summary>
internal struct Xorshift
{
    private ulong _state;

    /// <summary>Starts the sequence that belongs to <paramref name="seed"/>; neighbouring seeds give unrelated sequences.</summary>
    public Xorshift(ulong seed)
    {
        var mixed = (seed ^ 0x9E37_79B9_7F4A_7C15) * 0xBF58_476D_1CE4_E5B9;
        mixed ^= mixed >> 31;
        _state = mixed == 0 ? 1 : mixed;
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, which must be at least 1; the bias is under bound / 2^64.</summary>
    public ulong Below(ulong bound)
    {
        if (_state == 0)
            _state = 1;
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return Math.BigMul(_state * 0x2545_F491_4F6C_DD1D, bound, out _);
    }
}
