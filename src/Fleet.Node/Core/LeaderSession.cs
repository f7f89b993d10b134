using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>The state of the conversation with the leader: which term it is of, and when each heartbeat that may still be acknowledged was sent.</summary>
internal sealed class LeaderSession
{
    /// <summary>After so long without a leader a node trusts its own checks more than the fleet's last verdicts.</summary>
    private static readonly TimeSpan CutOffAfter = TimeSpan.FromSeconds(2);

    private readonly Dictionary<long, Instant> sent = [];
    private long seq;
    private Instant lastAck = Instant.Never;
    private Instant closedAt = Instant.Never;

    /// <summary>The highest term heard of.</summary>
    public long Term { get; private set; }

    /// <summary>Counts connections, so that what was told on an earlier one is told again.</summary>
    public int Link { get; private set; }

    public bool IsOpen { get; private set; }

    public bool IsWelcome { get; private set; }

    /// <summary>How long acknowledgements take.</summary>
    public RoundTrip RoundTrip { get; private set; }

    public void Open(Instant now)
    {
        IsOpen = true;
        IsWelcome = false;
        Link++;
        sent.Clear();
        seq = 0;
        lastAck = now;
    }

    public void Close(Instant now)
    {
        if (IsOpen)
            closedAt = now;
        IsOpen = false;
        IsWelcome = false;
    }

    /// <summary>False when that leader's term is over.</summary>
    public bool Welcome(long term)
    {
        if (term < Term)
            return false;
        Term = term;
        IsWelcome = true;
        return true;
    }

    public long NextSeq(Instant now)
    {
        sent[++seq] = now;
        return seq;
    }

    /// <summary>When the acknowledged heartbeat was sent; null when the ack is of an old term or of nothing known.</summary>
    public Instant? HearAck(LeaderMessage.Ack ack, Instant now)
    {
        if (!IsWelcome || ack.Version.Term < Term || !sent.Remove(ack.Seq, out var at))
            return null;
        lastAck = now;
        RoundTrip = RoundTrip.With(now - at);
        foreach (var older in sent.Keys.Where(s => s < ack.Seq).ToArray())
            sent.Remove(older);
        return at;
    }

    public bool IsUnanswered(Instant now, LeaseTerms lease) => IsOpen && now - lastAck > lease.Duration * 3;

    public bool IsCutOff(Instant now) => !IsOpen && now - closedAt > CutOffAfter;

    /// <summary>When one of these becomes so by time alone.</summary>
    public Instant Due(Instant now, LeaseTerms lease)
    {
        var least = TimeSpan.FromMicroseconds(1);
        if (IsOpen)
            return lastAck + (lease.Duration * 3) + least;
        return IsCutOff(now) ? Instant.Forever : closedAt + CutOffAfter + least;
    }
}
