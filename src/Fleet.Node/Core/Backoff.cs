using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// How long to wait before something is tried again, by its failures in a row: 50 ms, then twice as long each time, a second at most. The first wait
/// is no longer than a blip. The last is no longer than a person who has fixed the cause would wait.
/// </summary>
internal readonly record struct Backoff(int Failures)
{
    public static readonly Backoff None;

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait after the last failure.</summary>
    public TimeSpan Pause => Failures switch
    {
        0 => TimeSpan.Zero,
        > 5 => PauseMax,
        _ => PauseMin * (1 << (Failures - 1)),
    };

    public Backoff More() => new(Math.Min(Failures, int.MaxValue - 1) + 1);
}

/// <summary>One thing that is tried until it is done: one attempt at a time, and a pause after each failure.</summary>
internal sealed class Attempts
{
    private Backoff _backoff = Backoff.None;
    private Instant _next = Instant.Never;

    /// <summary>An attempt is under way.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>When the next may begin; <see cref="Instant.Forever"/> while one is under way.</summary>
    public Instant Due => IsUnderWay ? Instant.Forever : _next;

    public void Begin() => IsUnderWay = true;

    public void Succeed() => (IsUnderWay, _backoff, _next) = (false, Backoff.None, Instant.Never);

    public void Fail(Instant now)
    {
        _backoff = _backoff.More();
        (IsUnderWay, _next) = (false, now + _backoff.Pause);
    }

    /// <summary>What failed is no longer what is wanted, so the next attempt need not wait.</summary>
    public void Hurry() => _next = Instant.Never;
}
