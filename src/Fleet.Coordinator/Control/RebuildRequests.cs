using System.Threading.Channels;
using Fleet.Shared.Api;

namespace Fleet.Coordinator.Control;

/// <summary>Where a rebuild of the read model is asked for, and how far it is. One at a time: who asks during one is told of that one.</summary>
internal sealed class RebuildRequests
{
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(1);
    private readonly Lock _lock = new();
    private RebuildView? _last;

    /// <summary>The newest; null when none was asked for since this process began.</summary>
    public RebuildView? Last
    {
        get
        {
            lock (_lock)
                return _last;
        }
    }

    public RebuildView Ask(string by, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_last is { State: RebuildView.Waiting or RebuildView.Running })
                return _last;
            _last = new RebuildView((_last?.Number ?? 0) + 1, RebuildView.Waiting, by, now, 0, 0, null, null);
            _asked.Writer.TryWrite(true);
            return _last;
        }
    }

    /// <summary>Returns when one is wanted.</summary>
    public ValueTask<bool> NextAsync(CancellationToken cancellation) => _asked.Reader.ReadAsync(cancellation);

    public void Tell(Func<RebuildView, RebuildView> change)
    {
        lock (_lock)
            _last = _last is null ? null : change(_last);
    }
}
