using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>
/// One agent's connection, on a thread of its own with the priority that leases get: a renewal that has come waits for no traffic. Reads and writes block; whoever ends the
/// session shuts the socket down.
/// </summary>
internal sealed partial class AgentSession
{
    private const int LineBytesMax = 64 * 1024 * 1024;
    private const int LastWordMs = 100;
    private readonly Socket _agent;
    private readonly RelayEngine _engine;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _buffer = new byte[16 * 1024];
    private int _from;
    private int _to;
    private volatile bool _ending;
    private volatile bool _replaced;

    public AgentSession(Socket agent, RelayEngine engine, ILogger logger)
    {
        (_agent, _engine, _logger) = (agent, engine, logger);
        new Thread(Serve) { IsBackground = true, Name = "orders" }.Start();
    }

    public Task Ended => _ended.Task;

    /// <summary>Ends it; returns when no order is carried out any more.</summary>
    /// <param name="replaced">Another agent has come, and this one, if it reads, is told.</param>
    public Task EndAsync(bool replaced)
    {
        _replaced = replaced;
        _ending = true;
        try
        {
            _agent.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }

        return Ended;
    }

    private void Serve()
    {
        LeasePriority.RaiseThread();
        try
        {
            _agent.Blocking = true;
            _agent.Send(RelayJson.Encode(_engine.Greeting()));
            while (!_ending && ReadLine() is { } line)
                _agent.Send(RelayJson.Encode(_engine.Apply(RelayJson.DecodeOrder(line))));
            if (!_ending)
                LogAgentGone(_logger);
        }
        catch (Exception e) when (e is IOException or SocketException or JsonException)
        {
            if (!_ending)
                LogAgentLost(_logger, e);
        }

        SayLastWord();
        _agent.Dispose();
        _ended.SetResult();
    }

    /// <summary>The next line without its end; null when the other side has closed, or the session is to end.</summary>
    private string? ReadLine()
    {
        var seen = _from;
        while (true)
        {
            var end = _buffer.AsSpan(seen, _to - seen).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _from, seen + end - _from);
                _from = seen + end + 1;
                return line;
            }

            MakeRoom();
            seen = _to;
            var received = _agent.Receive(_buffer.AsSpan(_to));
            if (received == 0)
                return null;
            _to += received;
        }
    }

    private void MakeRoom()
    {
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        if (_to == LineBytesMax)
            throw new IOException("A line is too long.");
        if (_to == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
    }

    private void SayLastWord()
    {
        if (!_replaced)
            return;
        try
        {
            _agent.SendTimeout = LastWordMs;
            _agent.Send(RelayJson.Encode(new RelayReport { Id = 0, Replaced = true }));
        }
        catch (SocketException)
        {
            // Who does not read is not told.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The agent has closed its connection.")]
    private static partial void LogAgentGone(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The agent's connection was lost.")]
    private static partial void LogAgentLost(ILogger logger, Exception error);
}
