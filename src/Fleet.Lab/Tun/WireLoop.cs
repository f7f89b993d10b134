using Fleet.Lab.Wires;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Lab.Tun;

/// <summary>
/// Passes packets on when they are due, on a thread of its own that goes before others, if it may: a delay that grows while the machine is busy would
/// be the lab's, and not the network's.
/// </summary>
internal sealed class WireLoop : IDisposable
{
    /// <summary>Whatever comes, what is due is looked at after so many packets.</summary>
    private const int ReadsMax = 64;

    /// <summary>The end is noticed within this.</summary>
    private static readonly TimeSpan IdleMax = TimeSpan.FromMilliseconds(200);

    private readonly TunDevice _device;
    private readonly WireQueue _queue;
    private readonly Lateness _lateness = new();
    private readonly Thread _thread;
    private WireRules _rules;
    private volatile bool _isOver;

    public WireLoop(string device, WireRules rules, int seed)
    {
        _device = new TunDevice(device);
        _queue = new WireQueue(seed);
        _rules = rules;
        _thread = new Thread(Run) { IsBackground = true, Name = "wire" };
        _thread.Start();
    }

    private static Instant Now => MonotonicClock.System.Now;

    /// <summary>From the next packet on.</summary>
    public void Take(WireRules rules) => Volatile.Write(ref _rules, rules);

    /// <summary>Counts that another thread writes meanwhile: each is right, together they are of nearly one moment.</summary>
    public WireReport Report() => new(
        Volatile.Read(ref _rules).Rules.Length,
        _queue.Taken,
        _queue.Lost,
        _queue.Overflowed,
        _queue.Count,
        _lateness.QuantileMs(0.5),
        _lateness.QuantileMs(0.99),
        _lateness.QuantileMs(1));

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _device.Dispose();
    }

    private void Run()
    {
        LeasePriority.RaiseThread();
        while (!_isOver)
        {
            var wait = _queue.NextDue - Now;
            if (wait > TimeSpan.Zero)
                _device.Wait(wait < IdleMax ? wait : IdleMax);
            _queue.Rules = Volatile.Read(ref _rules);
            ReadAll();
            PassOn();
        }
    }

    private void ReadAll()
    {
        for (var i = 0; i < ReadsMax; i++)
        {
            var buffer = _queue.Rent();
            var length = _device.Read(buffer);
            if (length == 0)
            {
                _queue.Return(buffer);
                return;
            }

            _queue.Push(buffer, length, Now);
        }
    }

    private void PassOn()
    {
        while (_queue.TryPop(Now, out var packet))
        {
            _lateness.Add(Now - packet.Due);
            _device.Write(packet.Buffer.AsSpan(0, packet.Length));
            _queue.Return(packet.Buffer);
        }
    }
}
