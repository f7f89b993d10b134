using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>Puts the data of a record set in canonical order: as octets, ascending, none twice (RFC 4034 6.3).</summary>
internal static class CanonicalOrder
{
    private const int UsualCount = 64;
    private const int UsualSize = 2048;

    /// <summary>
    /// Sorts <paramref name="count"/> pieces, each behind two octets of length, in place, and returns the octets that are left of them.
    /// Allocates nothing for sets of usual size.
    /// </summary>
    [SkipLocalsInit]
    public static int Sort(Span<byte> packed, int count)
    {
        var places = count <= UsualCount ? stackalloc int[UsualCount] : new int[count];
        var copy = packed.Length <= UsualSize ? stackalloc byte[UsualSize] : new byte[packed.Length];
        copy = copy[..packed.Length];
        places = places[..count];
        packed.CopyTo(copy);
        for (int i = 0, at = 0; i < count; i++)
        {
            places[i] = at;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(copy[at..]);
        }

        SortPlaces(copy, places);
        var end = 0;
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && Piece(copy, places[i]).SequenceEqual(Piece(copy, places[i - 1])))
                continue;
            ReadOnlySpan<byte> whole = copy.Slice(places[i], 2 + Piece(copy, places[i]).Length);
            whole.CopyTo(packed[end..]);
            end += whole.Length;
        }

        return end;
    }

    /// <summary>Shell's sort with Knuth's gaps: like insertion for the usual few, and quick enough for thousands.</summary>
    private static void SortPlaces(ReadOnlySpan<byte> copy, Span<int> places)
    {
        var gap = 1;
        while (gap < places.Length / 3)
            gap = (3 * gap) + 1;
        for (; gap > 0; gap /= 3)
        {
            for (var i = gap; i < places.Length; i++)
            {
                var place = places[i];
                var j = i;
                for (; j >= gap && Piece(copy, place).SequenceCompareTo(Piece(copy, places[j - gap])) < 0; j -= gap)
                    places[j] = places[j - gap];
                places[j] = place;
            }
        }
    }

    private static ReadOnlySpan<byte> Piece(ReadOnlySpan<byte> packed, int place) =>
        packed.Slice(place + 2, BinaryPrimitives.ReadUInt16BigEndian(packed[place..]));
}
