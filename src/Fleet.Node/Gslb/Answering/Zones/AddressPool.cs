using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>The candidates of one name in one family, as records ready to be copied, and what is drawn from for the clients of each site.</summary>
internal sealed class AddressPool
{
    private readonly byte[] _records;
    private readonly int _stride;
    private readonly int _answersMax;

    /// <summary>The draws by the index of the client's site; the last is for clients of no site. A single draw is for everybody.</summary>
    private readonly SiteDraw[] _draws;

    /// <summary>A hash of each candidate if clients are always to draw the same; otherwise empty.</summary>
    private readonly ulong[] _hashes;

    private AddressPool(byte[] records, int stride, int answersMax, SiteDraw[] draws, ulong[] hashes) =>
        (_records, _stride, _answersMax, _draws, _hashes) = (records, stride, answersMax, draws, hashes);

    /// <summary>Encodes the candidates of one family; null if none can be answered.</summary>
    /// <param name="name">Whose candidates.</param>
    /// <param name="clients">The sites that clients may be of.</param>
    /// <param name="sites">Sites that are not well.</param>
    public static AddressPool? Build(
        BalancedName name, AddressFamily family, ImmutableArray<SiteName> clients, ImmutableSortedDictionary<SiteName, SiteEntry> sites)
    {
        var common = SiteOrder.Choose(sites, name.Spec, name.Candidates, family, client: null);
        if (common.First.IsEmpty)
            return null;
        ImmutableArray<int> weights = [.. name.Candidates.Select(candidate => candidate.Weight)];
        var anywhere = new SiteDraw(common, weights);
        SiteDraw[] draws = [anywhere];
        if (name.Spec.Topology)
        {
            var own = clients.Intersect(name.Candidates.Select(candidate => candidate.Site).OfType<SiteName>())
                .ToDictionary(site => site, site => new SiteDraw(SiteOrder.Choose(sites, name.Spec, name.Candidates, family, site), weights));
            if (own.Count > 0)
                draws = [.. clients.Select(site => own.GetValueOrDefault(site, anywhere)), anywhere];
        }

        var type = family == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa;
        var blank = new byte[family == AddressFamily.InterNetwork ? 4 : 16];
        byte[][] records =
        [
            .. name.Candidates.Select(candidate => RecordBytes.Encode(
                type, name.TtlSeconds, candidate.Address.AddressFamily == family ? candidate.Address.GetAddressBytes() : blank)),
        ];
        ulong[] hashes = name.Spec.Sticky ? [.. name.Candidates.Select(candidate => Mixing.Mix(Prefix.BitsOf(candidate.Address)))] : [];
        return new AddressPool(
            [.. records.SelectMany(record => record)], records[0].Length, Math.Clamp(name.AnswersMax, 1, WeightedOrder.PicksMax), draws, hashes);
    }

    /// <summary>Writes at most answers-max records, drawn for this client; returns how many.</summary>
    /// <param name="ownerAt">Where in the message the records' owner name stands.</param>
    [SkipLocalsInit]
    public ushort Write(ref DnsWriter writer, int ownerAt, ref Client client, ref Xorshift random)
    {
        var site = _draws.Length == 1 ? 0 : client.Site();
        ref readonly var draw = ref _draws[site < 0 ? _draws.Length - 1 : site];
        Span<int> picks = stackalloc int[WeightedOrder.PicksMax];
        picks = picks[.._answersMax];
        int count;
        if (_hashes.Length > 0)
        {
            var network = client.Network();
            count = draw.For(network).PickFor(network, _hashes, picks);
        }
        else
        {
            count = draw.For(ref random).Pick(ref random, picks);
        }

        foreach (var pick in picks[..count])
            RecordBytes.WriteOne(ref writer, ownerAt, _records.AsSpan(pick * _stride, _stride));
        return (ushort)count;
    }

    /// <summary>Whether some client may be given that address.</summary>
    public bool Answers(ReadOnlySpan<byte> address)
    {
        foreach (var draw in _draws)
        {
            foreach (var pick in draw.Drawable)
            {
                if (_records.AsSpan(pick * _stride, _stride).EndsWith(address))
                    return true;
            }
        }

        return false;
    }

    /// <summary>The records that some client may be given, each once.</summary>
    public byte[] AllRecords() =>
        [.. _draws.SelectMany(draw => draw.Drawable).Distinct().Order().SelectMany(pick => _records.AsSpan(pick * _stride, _stride).ToArray())];

    /// <summary>What clients of one site draw from: mostly the first choice, and the second for what does not fit there.</summary>
    private readonly struct SiteDraw(SiteChoice choice, ImmutableArray<int> weights)
    {
        private readonly WeightedOrder _first = new(choice.First, weights);
        private readonly WeightedOrder _elsewhere = new(choice.Elsewhere, weights);
        private readonly ulong _kept = (ulong)choice.Kept;

        public IEnumerable<int> Drawable => [.. _first.Drawable, .. _elsewhere.Drawable];

        public WeightedOrder For(ref Xorshift random) => _elsewhere.Count == 0 || random.Below(SiteEntry.KeptAll) < _kept ? _first : _elsewhere;

        /// <summary>A network stays where it is while the share that is kept does not fall.</summary>
        public WeightedOrder For(ulong network) => _elsewhere.Count == 0 || network % SiteEntry.KeptAll < _kept ? _first : _elsewhere;
    }
}
