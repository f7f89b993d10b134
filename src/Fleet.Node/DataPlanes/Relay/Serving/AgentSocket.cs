using System.Net.Sockets;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>
/// One agent's connection, on a thread of its own with the priority that leases get: a renewal that has come does not wait for traffic. Reads and
/// writes block that thread and are done when they return, so that the conversation never leaves it; whoever ends the conversation shuts the socket
/// down.
/// </summary>
internal sealed class AgentSocket : IAgentConnection
{
    private readonly LineBuffer _lines = new();
    private readonly Socket _agent;

    public AgentSocket(Socket agent)
    {
        agent.Blocking = true;
        _agent = agent;
    }

    /// <inheritdoc/>
    public Task CarryAsync(Func<Task> conversation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            LeasePriority.RaiseThread();
            try
            {
                conversation().GetAwaiter().GetResult();
                ended.SetResult();
            }
            catch (Exception e)
            {
                ended.SetException(e);
            }
        })
        {
            IsBackground = true,
            Name = "orders",
        }.Start();
        return ended.Task;
    }

    /// <inheritdoc/>
    public ValueTask<string?> ReadAsync()
    {
        string line;
        while (!_lines.TryTake(out line))
        {
            var received = _agent.Receive(_lines.Room().Span);
            if (received == 0)
                return ValueTask.FromResult<string?>(null);
            _lines.Add(received);
        }

        return ValueTask.FromResult<string?>(line);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(byte[] line)
    {
        _agent.Send(line);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void StopReading() => Shutdown(SocketShutdown.Receive);

    /// <inheritdoc/>
    public void Cut() => Shutdown(SocketShutdown.Both);

    public void Dispose() => _agent.Dispose();

    private void Shutdown(SocketShutdown how)
    {
        try
        {
            _agent.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }
}
