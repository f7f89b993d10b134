using System.Diagnostics.CodeAnalysis;
using Fleet.Shared.Model;

namespace Fleet.Testing.Wan;

/// <summary>
/// What is under way in one direction, in order. Each item is due a delay after it was sent, and none before the one ahead of it. The line holds no
/// clock, so it delays the messages of a simulation as well as the bytes of real processes. Not safe for two threads at once.
/// </summary>
public sealed class DelayLine<T>(Way way, int seed = 1)
{
    private readonly Queue<(Instant Due, T Item)> _flight = new();
    private readonly Random _chance = new(seed);
    private Instant _lastDue = Instant.Never;

    public int Count => _flight.Count;

    /// <summary>When the next one arrives; <see cref="Instant.Forever"/> when nothing is under way, or the way is cut.</summary>
    public Instant NextDue => !way.IsCut && _flight.TryPeek(out var head) ? head.Due : Instant.Forever;

    /// <param name="more">Added to the delay of the way.</param>
    public void Push(T item, Instant now, TimeSpan more = default)
    {
        _lastDue = Instant.Max(_lastDue, now + way.Delay + more + (way.Jitter * _chance.NextDouble()));
        _flight.Enqueue((_lastDue, item));
    }

    /// <summary>Takes the next one that has arrived by now.</summary>
    public bool TryPop(Instant now, [MaybeNullWhen(false)] out T item)
    {
        item = default;
        if (NextDue > now)
            return false;
        item = _flight.Dequeue().Item;
        return true;
    }
}
