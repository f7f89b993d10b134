using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Shared.Dns;
using Fleet.Shared.Shell;

namespace Fleet.Node.Gslb;

/// <summary>What all listeners share: the published zone, the clock, the counters.</summary>
internal sealed class AnswerDesk(MonotonicClock clock)
{
    private ZoneSnapshot? _zone;
    private KeyRing? _keys;

    /// <summary>Counters of all listeners.</summary>
    public DnsTally Tally { get; } = new();

    /// <summary>The host's clock.</summary>
    public MonotonicClock Clock => clock;

    /// <summary>
    /// What is published. Read it after a query has come in: then no query that was sent after a publication sees what was before it.
    /// </summary>
    public ZoneSnapshot? Zone => Volatile.Read(ref _zone);

    /// <summary>Swaps the zone with a full fence: when this returns, every later read anywhere sees it.</summary>
    public void Publish(ZoneSnapshot zone) => Interlocked.Exchange(ref _zone, zone);

    /// <summary>What answers are signed with; null signs nothing.</summary>
    public KeyRing? Keys => Volatile.Read(ref _keys);

    /// <summary>The wall clock in seconds since 1970, for dating signatures.</summary>
    public long UtcSeconds => clock.Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Swaps the keys.</summary>
    public void Publish(KeyRing? keys) => Interlocked.Exchange(ref _keys, keys);

    /// <summary>Whether a reply says that the query could not be read.</summary>
    public static bool IsFormErr(ReadOnlySpan<byte> reply) => (DnsRcode)(reply[3] & 0x0F) == DnsRcode.FormErr;
}
