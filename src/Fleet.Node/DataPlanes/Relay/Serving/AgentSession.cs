using System.Net.Sockets;
using System.Text.Json;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>
/// One agent's conversation: the greeting, then a report for each order, one after the other. At its end, if a newer agent has come, a last report
/// says so.
/// </summary>
internal sealed partial class AgentSession
{
    /// <summary>When the session is to end, an agent that reads nothing for this long is not waited for.</summary>
    private static readonly TimeSpan UnreadMax = TimeSpan.FromMilliseconds(100);

    private readonly IAgentConnection _agent;
    private readonly RelayEngine _engine;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile bool _ending;
    private volatile bool _replaced;

    /// <summary>Counts the beginnings and ends of writes: odd while one is under way.</summary>
    private volatile int _writes;

    public AgentSession(IAgentConnection agent, RelayEngine engine, TimeProvider time, ILogger logger)
    {
        (_agent, _engine, _time, _logger) = (agent, engine, time, logger);
        Ended = agent.CarryAsync(TalkAsync);
    }

    public Task Ended { get; }

    /// <summary>Ends the session; returns when no order is being carried out any more.</summary>
    /// <param name="replaced">Another agent has come; this one is told so, if it reads.</param>
    public async Task EndAsync(bool replaced)
    {
        _replaced = replaced;
        _ending = true;
        _agent.StopReading();
        for (var seen = 0; !Ended.IsCompleted;)
        {
            await Task.WhenAny(Ended, Task.Delay(UnreadMax, _time));
            if (seen == _writes && seen % 2 != 0)
                _agent.Cut();
            seen = _writes;
        }

        await Ended;
    }

    private async Task TalkAsync()
    {
        using var agent = _agent;
        try
        {
            await WriteAsync(RelayJson.Encode(_engine.Greeting()));
            while (!_ending && await agent.ReadAsync() is { } line)
                await WriteAsync(RelayJson.Encode(_engine.Apply(RelayJson.DecodeOrder(line))));
            if (!_ending)
                LogAgentGone(_logger);
        }
        catch (Exception e) when (e is IOException or SocketException or JsonException)
        {
            if (!_ending)
                LogAgentLost(_logger, e);
        }

        await SayLastWordAsync();
    }

    private async Task SayLastWordAsync()
    {
        if (!_replaced)
            return;
        try
        {
            await WriteAsync(RelayJson.Encode(new RelayReport { Id = 0, Replaced = true }));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // An agent that does not read is not told.
        }
    }

    private async Task WriteAsync(byte[] line)
    {
        _writes++;
        try
        {
            await _agent.WriteAsync(line);
        }
        finally
        {
            _writes++;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The agent has closed its connection.")]
    private static partial void LogAgentGone(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The agent's connection was lost.")]
    private static partial void LogAgentLost(ILogger logger, Exception error);
}
