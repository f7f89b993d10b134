using System.Collections.Immutable;
using Fleet.Node.Gslb.Answering;

namespace Fleet.Node.Gslb;

/// <summary>What the server has seen since its start.</summary>
/// <param name="Queries">Messages received, UDP and TCP.</param>
/// <param name="Answers">Replies handed to the kernel.</param>
/// <param name="Dropped">Messages without a reply: no whole header, responses, over the response rate, and replies that the kernel refused.</param>
/// <param name="Malformed">Replies that said FORMERR or BADVERS; they count as answers too.</param>
internal readonly record struct DnsCounters(long Queries, long Answers, long Dropped, long Malformed);

/// <summary>The lanes of all threads, and their counters added up; every member may be called from any thread.</summary>
internal sealed class DnsTally
{
    private ImmutableArray<Lane> _lanes = [];

    /// <summary>All lanes there have been.</summary>
    public ImmutableArray<Lane> Lanes => _lanes;

    /// <summary>Opens a lane for a thread.</summary>
    public Lane Open(ulong seed)
    {
        var lane = new Lane(seed);
        ImmutableInterlocked.Update(ref _lanes, lanes => lanes.Add(lane));
        return lane;
    }

    /// <summary>The sums now, one for each <see cref="Counter"/>.</summary>
    public long[] Sums()
    {
        var sums = new long[Enum.GetValues<Counter>().Length];
        foreach (var lane in _lanes)
            lane.AddTo(sums);
        return sums;
    }

    /// <summary>The sums now, in short.</summary>
    public DnsCounters Read()
    {
        var sums = Sums();
        long queries = 0;
        for (var counter = Counter.Answered; counter <= Counter.Slipped; counter++)
            queries += sums[(int)counter];
        var dropped = sums[(int)Counter.Unanswerable] + sums[(int)Counter.Limited] + sums[(int)Counter.Unsent];
        return new DnsCounters(queries, queries - dropped, dropped, sums[(int)Counter.Malformed]);
    }
}
