using Fleet.Shared.Model;

namespace Fleet.Coordinator.Standbys;

/// <summary>
/// How much silence of a leader is too much. Each time a leader has been deposed for its silence the next one is given twice as long, up to
/// <see cref="Max"/>, until nothing of the kind has happened for <see cref="CalmAfter"/>: what makes leaders silent one after another is a machine or
/// a network that is too busy for all of them, and another election would only add to it. A leader that is gone is not waited for.
/// </summary>
internal sealed class Patience
{
    public static readonly TimeSpan Max = TimeSpan.FromMilliseconds(2240);

    public static readonly TimeSpan CalmAfter = TimeSpan.FromSeconds(15);

    private TimeSpan _last = LeaderSilence.PatienceMin;
    private Instant _deposed = Instant.Never;

    public TimeSpan At(Instant now)
    {
        if (now - _deposed >= CalmAfter)
            return LeaderSilence.PatienceMin;
        return _last * 2 < Max ? _last * 2 : Max;
    }

    /// <summary>A leader has been deposed because it was silent for that long.</summary>
    public void CountDepose(TimeSpan patience, Instant now) => (_last, _deposed) = (patience, now);
}
