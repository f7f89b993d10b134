using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Net;

/// <summary>
/// One direction of a TCP connection: what is sent arrives in order, or not at all. While the way is cut, data waits and is sent anew from time to
/// time, for as long as Linux goes on (tcp(7), tcp_retries2: a quarter of an hour).
/// </summary>
public sealed class Pipe(Scheduler scheduler, Network network, string from, string to)
{
    private const long ResendEvery = 200_000;

    private readonly Queue<(long Due, Action Arrive)> _flight = new();
    private long _lastDue;
    private bool _isPumping;
    private bool _isClosed;

    /// <param name="leaves">When the sender has got round to it.</param>
    public void Send(long leaves, Action arrive)
    {
        if (_isClosed)
            return;
        _lastDue = Math.Max(_lastDue, Math.Max(leaves, scheduler.Now) + network.Latency(from, to));
        _flight.Enqueue((_lastDue, arrive));
        if (!_isPumping)
            PumpAfter(_lastDue - scheduler.Now);
    }

    /// <summary>What is under way is lost.</summary>
    public void Close()
    {
        _isClosed = true;
        _flight.Clear();
    }

    private void PumpAfter(long micros)
    {
        _isPumping = true;
        scheduler.After(micros, Pump);
    }

    private void Pump()
    {
        _isPumping = false;
        if (_isClosed)
            return;
        if (network.IsCut(from, to))
        {
            PumpAfter(ResendEvery);
            return;
        }

        while (_flight.TryPeek(out var head) && head.Due <= scheduler.Now)
        {
            _flight.Dequeue();
            head.Arrive();
        }

        if (!_isClosed && !_isPumping && _flight.TryPeek(out var next))
            PumpAfter(next.Due - scheduler.Now);
    }
}
