namespace Fleet.Node.Gslb;

/// <summary>What the server has seen since its start.</summary>
/// <param name="Queries">Messages received, UDP and TCP.</param>
/// <param name="Answers">Replies handed to the kernel.</param>
/// <param name="Dropped">Messages without a reply: no whole header, responses, and replies that the kernel refused.</param>
/// <param name="Malformed">Replies that said FORMERR; they count as answers too.</param>
public readonly record struct DnsCounters(long Queries, long Answers, long Dropped, long Malformed);

/// <summary>Adds up the counters of all listeners; every member may be called from any thread.</summary>
internal sealed class DnsTally
{
    private long _queries;
    private long _answers;
    private long _dropped;
    private long _malformed;

    /// <summary>The sums now.</summary>
    public DnsCounters Read() => new(
        Interlocked.Read(ref _queries), Interlocked.Read(ref _answers), Interlocked.Read(ref _dropped), Interlocked.Read(ref _malformed));

    /// <summary>Adds what one batch did.</summary>
    public void Add(int queries, int answers, int malformed)
    {
        Interlocked.Add(ref _queries, queries);
        Interlocked.Add(ref _answers, answers);
        if (queries != answers)
            Interlocked.Add(ref _dropped, queries - answers);
        if (malformed != 0)
            Interlocked.Add(ref _malformed, malformed);
    }
}
