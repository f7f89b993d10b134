using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gslb;

/// <summary>Where a client is.</summary>
/// <param name="Site">Index into <see cref="ClientTable.Sites"/>; -1 is none.</param>
/// <param name="Scope">Bits of the address that this holds for: every address that has them in common is of the same site (RFC 7871 7.2.1).</param>
public readonly record struct ClientPlace(int Site, byte Scope);

/// <summary>
/// From a client's address to its site, by longest prefix. The prefixes are cut into ranges that do not overlap, neighbours of one site joined, and an address is found
/// by its first 16 bits and a few steps of bisection; the scope follows from the distance to the range's ends. 100,000 prefixes take about 5 MB.
/// </summary>
public sealed class ClientTable
{
    private readonly Ranges _v4;
    private readonly Ranges _v6;

    private ClientTable(ImmutableArray<SiteName> sites, Ranges v4, Ranges v6) => (Sites, _v4, _v6) = (sites, v4, v6);

    /// <summary>Knows nobody.</summary>
    public static readonly ClientTable Empty = Of(ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>>.Empty);

    /// <summary>Sites that clients may be of, in the order of their index.</summary>
    public ImmutableArray<SiteName> Sites { get; }

    /// <summary>Prefixes of a site each; where one prefix is given to two sites the first by name has it.</summary>
    public static ClientTable Of(ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>> topology)
    {
        var all = topology.SelectMany((site, index) => site.Value.Select(prefix => (Prefix: prefix, Site: index))).ToLookup(pair => pair.Prefix.IsV6);
        return new ClientTable([.. topology.Keys], Ranges.Of(all[false]), Ranges.Of(all[true]));
    }

    /// <param name="address">Leftmost bit first in 128, the rest 0.</param>
    public ClientPlace Find(UInt128 address, bool isV6) => (isV6 ? _v6 : _v4).Find(address);

    /// <summary>The site's name, or null.</summary>
    public SiteName? NameOf(ClientPlace place) => place.Site < 0 ? null : Sites[place.Site];

    private sealed class Ranges
    {
        private const int RootBits = 16;

        /// <summary>Where each range begins; it ends where the next begins. The first begins at 0.</summary>
        private readonly UInt128[] _starts;

        private readonly int[] _sites;

        /// <summary>For each value of the first 16 bits, the range that its first address lies in; one more at the end.</summary>
        private readonly int[] _root;

        private Ranges(UInt128[] starts, int[] sites)
        {
            (_starts, _sites, _root) = (starts, sites, new int[(1 << RootBits) + 1]);
            var range = 0;
            for (var i = 0; i < 1 << RootBits; i++)
            {
                while (range + 1 < starts.Length && starts[range + 1] <= (UInt128)(uint)i << (128 - RootBits))
                    range++;
                _root[i] = range;
            }

            _root[1 << RootBits] = starts.Length - 1;
        }

        public static Ranges Of(IEnumerable<(Prefix Prefix, int Site)> prefixes)
        {
            var cut = new Cutting();
            foreach (var (prefix, site) in prefixes.OrderBy(pair => pair.Prefix).ThenByDescending(pair => pair.Site))
                cut.Open(prefix, site);
            cut.CloseAll();
            return new Ranges([.. cut.Starts], [.. cut.Sites]);
        }

        public ClientPlace Find(UInt128 address)
        {
            var head = (int)(address >> (128 - RootBits));
            var (low, high) = (_root[head], _root[head + 1]);
            while (low < high)
            {
                var middle = (low + high + 1) >>> 1;
                if (_starts[middle] <= address)
                    low = middle;
                else
                    high = middle - 1;
            }

            var below = low == 0 ? 0 : (int)UInt128.LeadingZeroCount(address ^ (_starts[low] - 1)) + 1;
            var above = low == _starts.Length - 1 ? 0 : (int)UInt128.LeadingZeroCount(address ^ _starts[low + 1]) + 1;
            return new ClientPlace(_sites[low], (byte)Math.Max(below, above));
        }
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
