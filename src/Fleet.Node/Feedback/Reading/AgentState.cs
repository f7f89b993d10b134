using Fleet.Shared.Model;

namespace Fleet.Node.Feedback.Reading;

/// <summary>
/// What one backend's agent has said so far. Percentages are smoothed exponentially by the time between them, with a half-life of 300 ms. If the
/// agent is asked every second, the first answer shows nine tenths of a halving. If it is asked ten times a second, a single odd answer counts for a
/// fifth. <c>drain</c>, <c>maint</c>, <c>down</c> and their like leave no weight at once, until the agent says <c>ready</c> or <c>up</c>.
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
    /// What is left of the backend's weight, per cent; null while the agent has said nothing to go by. When an agent falls silent, what it said last
    /// still counts.
    /// </summary>
    public int? Percent => !_hasSpoken ? null : _isOut || _isDown ? 0 : (int)Math.Round(_smoothed ?? 100);

    public AgentState After(AgentWords words, Instant now)
    {
        if (words.IsEmpty)
            return this;
        var next = this with { _hasSpoken = true, _isOut = !(words.IsReady ?? !_isOut), _isDown = !(words.IsUp ?? !_isDown) };
        if (words.Percent is not { } percent)
            return next;
        // A backend that comes back from 0 begins at the percentage that its agent reports.
        var begins = _smoothed is null || Percent == 0;
        var smoothed = begins ? percent : percent + ((_smoothed!.Value - percent) * Math.Pow(0.5, (now - _at) / HalfLife));
        return next with { _smoothed = smoothed, _at = now };
    }
}
