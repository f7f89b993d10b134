using Fleet.Shared.Model;

namespace Fleet.Node.Feedback.Reading;

/// <summary>
/// What one backend's agent has said so far. Percentages are smoothed exponentially by the time that lies between them, with a half-life of 300 ms:
/// asked every second, a halving shows by nine tenths with the first answer; asked ten times a second, a single odd answer counts by a fifth.
/// <c>drain</c>, <c>maint</c>, <c>down</c> and their like leave nothing at once, until <c>ready</c>, or <c>up</c>, is said.
/// </summary>
internal sealed record AgentState
{
    public static readonly TimeSpan HalfLife = TimeSpan.FromMilliseconds(300);

    /// <summary>Nothing was said.</summary>
    public static readonly AgentState Suspected = new();

    private double? _smoothed;
    private Instant _at = Instant.Never;
    private bool _isOut;
    private bool _isDown;
    private bool _hasSpoken;

    /// <summary>
    /// What is left of the backend's weight, per cent; null while the agent has said nothing to go by. An agent that falls silent is believed what it
    /// said last.
    /// </summary>
    public int? Percent => !_hasSpoken ? null : _isOut || _isDown ? 0 : (int)Math.Round(_smoothed ?? 100);

    public AgentState After(AgentWords words, Instant now)
    {
        if (words.IsEmpty)
            return this;
        var next = this with { _hasSpoken = true, _isOut = !(words.IsReady ?? !_isOut), _isDown = !(words.IsUp ?? !_isDown) };
        if (words.Percent is not { } percent)
            return next;
        // Back from 0 by a word, it begins where it says it is.
        var begins = _smoothed is null || Percent == 0;
        var smoothed = begins ? percent : percent + ((_smoothed!.Value - percent) * Math.Pow(0.5, (now - _at) / HalfLife));
        return next with { _smoothed = smoothed, _at = now };
    }
}
