using System.Text;
using Fleet.Node.DataPlanes.Relay.Serving;
using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Net;

/// <summary>Where agents come to a relay's process. Connections wait here, as in a kernel's backlog, while it is stopped.</summary>
internal sealed class SimAgentDoor(ProcessLife life) : IAgentDoor
{
    private readonly Queue<SimStream> _waiting = new();
    private TaskCompletionSource<IAgentConnection>? _next;

    public void Arrive(SimStream agent)
    {
        if (_next is not { } next)
        {
            _waiting.Enqueue(agent);
            return;
        }

        _next = null;
        if (!next.TrySetResult(new Connection(life, agent)))
            _waiting.Enqueue(agent);
    }

    public async Task<IAgentConnection> NextAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (_waiting.TryDequeue(out var agent))
            return new Connection(life, agent);
        var next = _next = new TaskCompletionSource<IAgentConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stop.Register(() => next.TrySetCanceled(stop));
        return await next.Task;
    }

    public void Dispose()
    {
        while (_waiting.TryDequeue(out var agent))
            agent.Close();
    }

    private sealed class Connection(ProcessLife life, SimStream agent) : IAgentConnection
    {
        private readonly CancellationTokenSource _unread = new();
        private readonly byte[] _buffer = new byte[16 * 1024];
        private readonly List<byte> _line = [];
        private int _from;
        private int _to;

        /// <summary>In its process, like everything else: a continuation of its own.</summary>
        public async Task CarryAsync(Func<Task> conversation)
        {
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            life.After(1, begun.SetResult);
            await begun.Task;
            await conversation();
        }

        public async ValueTask<string?> ReadAsync()
        {
            while (true)
            {
                var end = _buffer.AsSpan(_from, _to - _from).IndexOf((byte)'\n');
                _line.AddRange(_buffer.AsSpan(_from, end < 0 ? _to - _from : end));
                _from = end < 0 ? _to : _from + end + 1;
                if (end >= 0)
                    return Take();
                (_from, _to) = (0, await MoreAsync());
                if (_to == 0)
                    return null;
            }
        }

        public ValueTask WriteAsync(byte[] line) => agent.WriteAsync(line);

        public void StopReading() => _unread.Cancel();

        public void Cut() => agent.Close();

        public void Dispose() => agent.Close();

        private string Take()
        {
            var text = Encoding.UTF8.GetString([.. _line]);
            _line.Clear();
            return text;
        }

        private async Task<int> MoreAsync()
        {
            try
            {
                return await agent.ReadAsync(_buffer, _unread.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return 0;
            }
        }
    }
}
