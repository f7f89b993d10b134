using Fleet.Shared.Model;

namespace Fleet.Coordinator.Standbys;

/// <summary>How a conversation with the leader has ended.</summary>
internal enum TalkEnd
{
    /// <summary>Nobody listens there: the process is gone.</summary>
    Refused,

    /// <summary>The connection was closed or reset.</summary>
    Broken,

    /// <summary>Somebody answered there, and not as the leader of that term does.</summary>
    Declined,

    /// <summary>Nothing was heard for too long.</summary>
    Quiet,
}

/// <summary>What a standby does next.</summary>
internal enum AfterTalk
{
    /// <summary>Dial the same leader once more.</summary>
    Redial,

    /// <summary>Ask the store again who leads.</summary>
    LookAgain,

    /// <summary>Take the leadership from it.</summary>
    Depose,
}

/// <summary>
/// For how long a standby has not heard the leader of one term, and what follows. Silence is counted in steps, each of which counts for
/// <see cref="StepMax"/> at most: a standby that was stopped, or whose host is so busy that its own steps come late, must not take its own pause for
/// the leader's. Not safe for several threads at once.
/// </summary>
/// <param name="patience">How much silence is too much.</param>
/// <param name="wasHeard">The leader has been heard in this term, on an earlier connection.</param>
internal sealed class LeaderSilence(TimeSpan patience, bool wasHeard, Instant now)
{
    public static readonly TimeSpan StepEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Five pulses and a little.</summary>
    public static readonly TimeSpan PatienceMin = TimeSpan.FromMilliseconds(280);

    private static readonly TimeSpan StepMax = TimeSpan.FromMilliseconds(40);

    /// <summary>How long a leader may take for its first pulse: it may have just won, and be reading the journal.</summary>
    private static readonly TimeSpan FirstWithin = TimeSpan.FromSeconds(1);

    /// <summary>How long before the end another connection is tried: this one may be what does not work.</summary>
    private static readonly TimeSpan RedialBefore = TimeSpan.FromMilliseconds(80);

    private Instant _stepped = now;
    private TimeSpan _silent;
    private bool _wasHeard = wasHeard;
    private bool _hasRedialled;

    /// <summary>This conversation has been silent for long enough to be ended.</summary>
    public bool IsQuiet => _silent >= (_wasHeard, _hasRedialled) switch
    {
        (false, _) => FirstWithin,
        (true, false) => patience - RedialBefore,
        (true, true) => patience,
    };

    public void Hear(Instant now) => (_stepped, _silent, _wasHeard, _hasRedialled) = (now, TimeSpan.Zero, true, false);

    public void Step(Instant now)
    {
        var passed = now - _stepped;
        _silent += passed < StepMax ? passed : StepMax;
        _stepped = now;
    }

    /// <summary>
    /// A leader is deposed only by who has heard it lead that term: whoever has not may be cut off from it, and not the fleet. After a connection
    /// that broke, one more is tried.
    /// </summary>
    public AfterTalk Judge(TalkEnd end)
    {
        if (!_wasHeard)
            return AfterTalk.LookAgain;
        var isGone = end switch
        {
            TalkEnd.Refused => true,
            TalkEnd.Broken => _hasRedialled,
            _ => _silent >= patience,
        };
        _hasRedialled = true;
        return isGone ? AfterTalk.Depose : AfterTalk.Redial;
    }
}
