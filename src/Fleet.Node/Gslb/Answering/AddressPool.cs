using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// The candidates of one name in one family, as records ready to be copied: owner a pointer to the question, 16 octets for A, 28 for AAAA.
/// </summary>
public sealed class AddressPool
{
    private readonly byte[] _records;
    private readonly int _stride;
    private readonly WeightedOrder _order;
    private readonly int _answersMax;

    private AddressPool(byte[] records, int stride, WeightedOrder order, int answersMax)
    {
        _records = records;
        _stride = stride;
        _order = order;
        _answersMax = answersMax;
    }

    /// <summary>Encodes the candidates of one family; null if there are none.</summary>
    public static AddressPool? Of(IEnumerable<Candidate> candidates, AddressFamily family, uint ttl, int answersMax)
    {
        ImmutableArray<Candidate> mine = [.. candidates.Where(candidate => candidate.Address.AddressFamily == family)];
        if (mine.IsEmpty)
            return null;
        DnsType type = family == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa;
        byte[][] records = [.. mine.Select(candidate => RecordBytes.Encode(type, ttl, candidate.Address.GetAddressBytes()))];
        return new AddressPool(
            [.. records.SelectMany(record => record)],
            records[0].Length,
            new WeightedOrder([.. mine.Select(candidate => candidate.Weight)]),
            Math.Clamp(answersMax, 1, WeightedOrder.PicksMax));
    }

    /// <summary>Writes at most answers-max records in weighted random order; returns how many.</summary>
    public ushort Write(ref DnsWriter writer, ref Xorshift random)
    {
        Span<int> picks = stackalloc int[WeightedOrder.PicksMax];
        int count = _order.Pick(ref random, picks[.._answersMax]);
        foreach (int pick in picks[..count])
            writer.WriteBytes(_records.AsSpan(pick * _stride, _stride));
        return (ushort)count;
    }
}
