using System.Net;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace Fleet.Http;

/// <summary>
/// Takes newcomers from the kernel a few at a time. Otherwise a burst of thousands would be taken at once, and lie in the thread pool's queue ahead
/// of what nodes send meanwhile. So the listener goes to the end of that queue every time, and connections not yet taken wait in the kernel.
/// </summary>
internal sealed class PacedListenerFactory(IConnectionListenerFactory inner) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new PacedListener(await inner.BindAsync(endpoint, cancellationToken));

    private sealed class PacedListener(IConnectionListener inner) : IConnectionListener
    {
        /// <summary>Newcomers between two turns of everybody else.</summary>
        private const int AtOnce = 4;

        private readonly QueueEnd _end = new();
        private int _taken;

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (++_taken % AtOnce == 0)
                await _end.WaitAsync();
            return await inner.AcceptAsync(cancellationToken);
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>Continues when everything that is queued now is done. (Task.Yield continues first of all, on the same thread.)</summary>
    private sealed class QueueEnd : IThreadPoolWorkItem, IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<bool> _core;

        public ValueTask WaitAsync()
        {
            _core.Reset();
            var wait = new ValueTask(this, _core.Version);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return wait;
        }

        public void Execute() => _core.SetResult(true);

        public void GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
