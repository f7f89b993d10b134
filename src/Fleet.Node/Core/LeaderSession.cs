using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>The state of the conversation with the leader: its term, and when each heartbeat that may still be acknowledged was sent.</summary>
internal sealed class LeaderSession
{
    /// <summary>After this long without a leader, a node trusts its own checks more than the fleet's last verdicts.</summary>
    private static readonly TimeSpan CutOffAfter = TimeSpan.FromSeconds(2);

    private readonly Dictionary<long, Instant> _sent = [];
    private long _seq;
    private Instant _lastAck = Instant.Never;
    private Instant _closedAt = Instant.Never;

    /// <summary>The highest term heard of.</summary>
    public long Term { get; private set; }

    /// <summary>Counts connections, so that what was sent on an earlier one is sent again.</summary>
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
        _sent.Clear();
        _seq = 0;
        _lastAck = now;
    }

    public void Close(Instant now)
    {
        if (IsOpen)
            _closedAt = now;
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
        _sent[++_seq] = now;
        return _seq;
    }

    /// <summary>When the acknowledged heartbeat was sent; null when the ack is for an old term or for no known heartbeat.</summary>
    public Instant? HearAck(LeaderMessage.Ack ack, Instant now)
    {
        if (!IsWelcome || ack.Version.Term < Term || !_sent.Remove(ack.Seq, out var at))
            return null;
        _lastAck = now;
        RoundTrip = RoundTrip.With(now - at);
        foreach (var older in _sent.Keys.Where(s => s < ack.Seq).ToArray())
            _sent.Remove(older);
        return at;
    }

    public bool IsUnanswered(Instant now, LeaseTerms lease) => IsOpen && now - _lastAck > lease.Duration * 3;

    public bool IsCutOff(Instant now) => !IsOpen && now - _closedAt > CutOffAfter;

    /// <summary>When <see cref="IsUnanswered"/> or <see cref="IsCutOff"/> becomes true by time alone.</summary>
    public Instant Due(Instant now, LeaseTerms lease)
    {
        var least = TimeSpan.FromMicroseconds(1);
        if (IsOpen)
            return _lastAck + (lease.Duration * 3) + least;
        return IsCutOff(now) ? Instant.Forever : _closedAt + CutOffAfter + least;
    }
}
