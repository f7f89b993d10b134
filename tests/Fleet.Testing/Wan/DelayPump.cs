using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Testing.Wan;

/// <summary>
/// Runs the actions in delay lines in real time, each when it is due. It has a thread of its own: the thread pool of a busy test would add its own
/// delay. Late by 1 ms at most on a machine that has time, and never early.
/// </summary>
internal sealed class DelayPump : IDisposable
{
    /// <summary>How often a way that is cut is looked at.</summary>
    private const int HealedWithinMs = 2;
    private const int IdleMs = 1000;

    private readonly object _gate = new();
    private readonly List<DelayLine<Action>> _lines = [];
    private bool _ended;

    public DelayPump(string name)
    {
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    private static Instant Now => MonotonicClock.System.Now;

    public DelayLine<Action> AddLine(Way way)
    {
        lock (_gate)
        {
            _lines.Add(new DelayLine<Action>(way, seed: _lines.Count));
            return _lines[^1];
        }
    }

    /// <summary>Puts an action into a line of this pump.</summary>
    /// <param name="more">Added to the delay of the way.</param>
    public void Push(DelayLine<Action> line, Action action, TimeSpan more = default)
    {
        lock (_gate)
        {
            line.Push(action, Now, more);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>What is still under way is lost.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (Next() is { } action)
            action();
    }

    private Action? Next()
    {
        lock (_gate)
        {
            while (!_ended)
            {
                foreach (var line in _lines)
                {
                    if (line.TryPop(Now, out var action))
                        return action;
                }

                Monitor.Wait(_gate, WaitMs());
            }

            return null;
        }
    }

    private int WaitMs()
    {
        var next = _lines.Select(line => line.NextDue).DefaultIfEmpty(Instant.Forever).Min();
        var wait = next == Instant.Forever ? IdleMs : (int)Math.Clamp(Math.Ceiling((next - Now).TotalMilliseconds), 0, IdleMs);
        return _lines.Exists(line => line.Count > 0 && line.NextDue == Instant.Forever) ? Math.Min(wait, HealedWithinMs) : wait;
    }
}
