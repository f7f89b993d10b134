using System.Collections.Immutable;
using System.Numerics;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gslb;

/// <summary>Where a client is.</summary>
/// <param name="Site">Index into <see cref="ClientTable.Sites"/>; -1 is none.</param>
/// <param name="Scope">Bits of the address that this holds for: every address that shares them is of the same site (RFC 7871 7.2.1).</param>
public readonly record struct ClientPlace(int Site, byte Scope);

/// <summary>
/// Finds a client's site from its address, by longest prefix. The prefixes are cut into ranges that do not overlap, and neighbours of one site are
/// joined. An address is found by its first 16 bits and a few steps of bisection; the scope follows from the distance to the range's ends. 100,000
/// IPv4 prefixes take about 2 MB.
/// </summary>
public sealed class ClientTable
{
    private readonly Ranges<uint> _v4;
    private readonly Ranges<UInt128> _v6;

    private ClientTable(ImmutableArray<SiteName> sites, Ranges<uint> v4, Ranges<UInt128> v6) => (Sites, _v4, _v6) = (sites, v4, v6);

    /// <summary>Knows nobody.</summary>
    public static readonly ClientTable Empty = Build(ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>>.Empty);

    /// <summary>Sites that clients may be of, in the order of their index.</summary>
    public ImmutableArray<SiteName> Sites { get; }

    /// <summary>The prefixes of each site; a prefix that is given to two sites belongs to the first by name.</summary>
    public static ClientTable Build(ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>> topology)
    {
        var all = topology.SelectMany((site, index) => site.Value.Select(prefix => (Prefix: prefix, Site: index))).ToLookup(pair => pair.Prefix.IsV6);
        return new ClientTable(
            [.. topology.Keys], Ranges<uint>.Build(all[false], bits => (uint)(bits >> 96)), Ranges<UInt128>.Build(all[true], bits => bits));
    }

    /// <param name="address">Leftmost bit first in 128, the rest 0.</param>
    public ClientPlace Find(UInt128 address, bool isV6) => isV6 ? _v6.Find(address) : _v4.Find((uint)(address >> 96));

    /// <summary>The site's name, or null.</summary>
    public SiteName? NameOf(ClientPlace place) => place.Site < 0 ? null : Sites[place.Site];

    /// <summary>The ranges of one family, addresses as numbers of the family's own width: what lies close together is found close together.</summary>
    private sealed class Ranges<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        private const int RootBits = 16;

        private static readonly int Width = int.CreateChecked(T.PopCount(T.AllBitsSet));

        /// <summary>Where each range begins, and its site; it ends where the next begins. The first begins at 0.</summary>
        private readonly (T Start, int Site)[] _ranges;

        /// <summary>For each value of the first 16 bits, the range that its first address lies in; one more at the end.</summary>
        private readonly int[] _root;

        private Ranges((T Start, int Site)[] ranges)
        {
            (_ranges, _root) = (ranges, new int[(1 << RootBits) + 1]);
            var range = 0;
            for (var i = 0; i < 1 << RootBits; i++)
            {
                while (range + 1 < ranges.Length && ranges[range + 1].Start <= T.CreateTruncating(i) << (Width - RootBits))
                    range++;
                _root[i] = range;
            }

            _root[1 << RootBits] = ranges.Length - 1;
        }

        /// <param name="prefixes">Of this family.</param>
        /// <param name="narrow">From 128 bits, the address leftmost, to the family's own.</param>
        public static Ranges<T> Build(IEnumerable<(Prefix Prefix, int Site)> prefixes, Func<UInt128, T> narrow)
        {
            var cut = new Cutting();
            foreach (var (prefix, site) in prefixes.OrderBy(pair => pair.Prefix).ThenByDescending(pair => pair.Site))
                cut.Open(prefix, site);
            cut.CloseAll();
            return new Ranges<T>([.. cut.Starts.Zip(cut.Sites, (start, site) => (narrow(start), site))]);
        }

        public ClientPlace Find(T address)
        {
            var ranges = _ranges;
            var head = int.CreateTruncating(address >> (Width - RootBits));
            var (low, high) = (_root[head], _root[head + 1]);
            while (low < high)
            {
                var middle = (low + high + 1) >>> 1;
                if (ranges[middle].Start <= address)
                    low = middle;
                else
                    high = middle - 1;
            }

            var below = low == 0 ? 0 : Common(address, ranges[low].Start - T.One) + 1;
            var above = low == ranges.Length - 1 ? 0 : Common(address, ranges[low + 1].Start) + 1;
            return new ClientPlace(ranges[low].Site, (byte)Math.Max(below, above));
        }

        /// <summary>How many leading bits two addresses have in common.</summary>
        private static int Common(T one, T other) => int.CreateTruncating(T.LeadingZeroCount(one ^ other));
    }

    /// <summary>Cuts nested prefixes, which come wider before narrower, into ranges.</summary>
    private sealed class Cutting
    {
        private readonly Stack<(UInt128 Last, int Site)> _open = [];

        public List<UInt128> Starts { get; } = [UInt128.Zero];

        public List<int> Sites { get; } = [-1];

        public void Open(Prefix prefix, int site)
        {
            CloseBefore(prefix.Bits);
            _open.Push((prefix.Bits | ~Prefix.MaskOf(prefix.Length), site));
            Begin(prefix.Bits, site);
        }

        public void CloseAll()
        {
            while (_open.Count > 0)
                CloseOne();
        }

        private void CloseBefore(UInt128 start)
        {
            while (_open.TryPeek(out var top) && top.Last < start)
                CloseOne();
        }

        private void CloseOne()
        {
            var last = _open.Pop().Last;
            if (last != UInt128.MaxValue)
                Begin(last + 1, _open.TryPeek(out var outer) ? outer.Site : -1);
        }

        private void Begin(UInt128 start, int site)
        {
            if (Starts[^1] == start)
            {
                Starts.RemoveAt(Starts.Count - 1);
                Sites.RemoveAt(Sites.Count - 1);
            }

            if (Sites.Count > 0 && Sites[^1] == site)
                return;
            Starts.Add(start);
            Sites.Add(site);
        }
    }
}
