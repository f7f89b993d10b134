using System.Security.Cryptography;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Shell;

namespace Fleet.Node.Gslb;

/// <summary>What all listeners share: the published zone, the rules, the clock, the counters.</summary>
internal sealed class AnswerContext
{
    private readonly Lock _tcp = new();
    private readonly Lane _tcpLane;
    private ZoneSnapshot? _zone;
    private ServingRules _rules = ServingRules.Open;
    private KeyRing? _keys;

    /// <summary>A context with nothing published.</summary>
    public AnswerContext(MonotonicClock clock)
    {
        Clock = clock;
        _tcpLane = Tally.Open(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
    }

    /// <summary>The lanes of all listeners.</summary>
    public DnsTally Tally { get; } = new();

    /// <summary>The host's clock.</summary>
    public MonotonicClock Clock { get; }

    /// <summary>
    /// What is published. Read it after a query has come in, so that no query sent after a publication sees what was published before.
    /// </summary>
    public ZoneSnapshot? Zone => Volatile.Read(ref _zone);

    /// <summary>How queries are treated; each listener hands these rules to its lane as often as it likes.</summary>
    public ServingRules Rules => Volatile.Read(ref _rules);

    /// <summary>Swaps the zone with a full fence: when this returns, every later read anywhere sees it.</summary>
    public void Publish(ZoneSnapshot zone) => Interlocked.Exchange(ref _zone, zone);

    /// <summary>
    /// Answers one query of a TCP connection. All connections share a lane: a client that keeps its connection busy is not in a hurry.
    /// </summary>
    public int RespondOverTcp(ReadOnlySpan<byte> query, Span<byte> reply, in Arrival arrival)
    {
        lock (_tcp)
        {
            _tcpLane.Rules = Rules;
            return Responder.Respond(Zone, query, reply, arrival, _tcpLane);
        }
    }

    /// <summary>Begins the transfer that a message asks for, if it asks for one and may have it.</summary>
    public TransferOut? BeginTransfer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> source)
    {
        if (TransferOut.Begin(Zone, message, source, Rules) is not { } transfer)
            return null;
        lock (_tcp)
        {
            _tcpLane.Count(Counter.OverTcp);
            _tcpLane.Count(Counter.Answered);
            _tcpLane.Count(Counter.Transfers);
        }

        return transfer;
    }

    /// <summary>Swaps the rules for new ones, made from the present ones.</summary>
    public void Change(Func<ServingRules, ServingRules> change)
    {
        var before = Rules;
        while (Interlocked.CompareExchange(ref _rules, change(before), before) is var found && found != before)
            before = found;
    }

    /// <summary>What answers are signed with; null signs nothing.</summary>
    public KeyRing? Keys => Volatile.Read(ref _keys);

    /// <summary>The wall clock in seconds since 1970, for dating signatures.</summary>
    public long UtcSeconds => Clock.Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Swaps the keys.</summary>
    public void Publish(KeyRing? keys) => Interlocked.Exchange(ref _keys, keys);
}
