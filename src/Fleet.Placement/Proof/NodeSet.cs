namespace Fleet.Placement.Proof;

/// <summary>
/// At most four nodes by position, as one number: sixteen bits each, ascending from the low end, zero where there is none. Equal sets are equal
/// numbers.
/// </summary>
internal readonly record struct NodeSet(ulong Bits)
{
    public const int SizeMax = 4;
    public const int PositionMax = 0xFFFE;

    private const int Width = 16;

    public int Size => Bits == 0 ? 0 : (63 - System.Numerics.BitOperations.LeadingZeroCount(Bits)) / Width + 1;

    /// <summary>The position of the index-th member.</summary>
    public int this[int index] => (int)(Bits >> (index * Width) & 0xFFFF) - 1;

    public bool Contains(int position)
    {
        for (var rest = Bits; rest != 0; rest >>= Width)
        {
            if ((int)(rest & 0xFFFF) == position + 1)
                return true;
        }

        return false;
    }

    public NodeSet With(int position)
    {
        var shift = 0;
        while (shift < 64 && (Bits >> shift & 0xFFFF) is var member && member != 0 && (int)member <= position)
            shift += Width;
        var above = shift == 0 ? Bits : Bits >> shift;
        return new NodeSet(Below(shift) | (ulong)(position + 1) << shift | (shift + Width < 64 ? above << (shift + Width) : 0));
    }

    /// <summary>Without a member.</summary>
    public NodeSet Without(int position)
    {
        var shift = 0;
        while ((int)(Bits >> shift & 0xFFFF) != position + 1)
            shift += Width;
        return new NodeSet(Below(shift) | (shift + Width < 64 ? Bits >> (shift + Width) << shift : 0));
    }

    public bool IsWithin(NodeSet other)
    {
        for (var rest = Bits; rest != 0; rest >>= Width)
        {
            if (!other.Contains((int)(rest & 0xFFFF) - 1))
                return false;
        }

        return true;
    }

    public int[] ToArray()
    {
        var members = new int[Size];
        for (var i = 0; i < members.Length; i++)
            members[i] = this[i];
        return members;
    }

    private ulong Below(int shift) => Bits & ((1UL << shift) - 1);
}
