using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>
/// A second relay, started and warmed up, that knows the plan and holds nothing. When the first relay dies, the spare needs one order to serve, and
/// not a process start. It listens at a path of its own. That path is renamed when the spare is taken, before its first order to hold anything: what
/// listens at the spare's path holds no VIP, and a new agent finds each relay where it belongs.
/// </summary>
internal sealed partial class RelaySpare(RelayClientOptions options, string path, IRelayHost host, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>
    /// How often the spare is asked whether it lives and is told the plan. Also how long no new one is started after the last was taken, so that the
    /// takeover has the machine to itself.
    /// </summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);
    private readonly Turns _turn = new();
    private readonly CancellationTokenSource _ending = new();
    private RelayLink? _link;
    private RelayOrder _wish = new() { Id = 0 };
    private int? _peer;
    private long _asked;

    /// <summary>The spare's process; null while none is ready.</summary>
    public int? Pid => Volatile.Read(ref _link)?.Pid;

    /// <summary>What the relay is to do. The spare is told the plan and the states of backends from it, the next time it is asked.</summary>
    public void Tell(RelayOrder wish) => Volatile.Write(ref _wish, wish);

    /// <summary>Keeps one ready until it is cancelled or another agent has come for it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ending.Token);
        try
        {
            for (var losses = 0; ; losses = await KeepAsync(ending.Token) ? 0 : losses + 1)
                await Task.Delay(
                    losses < 2 ? Every : TimeSpan.FromTicks(Math.Min(Every.Ticks << Math.Min(losses - 1, 10), PauseMax.Ticks)), time, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The agent goes, and the spare waits for the next one, or is ended.
        }
        catch (RelayReplacedException)
        {
            LogReplaced(logger);
        }
    }

    /// <summary>
    /// Gives away the spare, which is at the relay's path from now on; null when there is none. Waits for a spare that is just being started: another
    /// would not be quicker.
    /// </summary>
    public async Task<RelayLink?> TakeAsync(CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        if (_link is not { Ended.IsCompleted: false } link)
            return null;
        try
        {
            host.Rename(path, options.SocketPath);
        }
        catch (IOException e)
        {
            // A relay that no later agent would find must hold nothing.
            LogLost(logger, e.Message, link.Pid);
            await KillAsync(cancellation);
            return null;
        }

        _link = null;
        _peer = null;
        return link;
    }

    /// <summary>Ends the spare, and no other is started.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        _ending.Cancel();
        using var turn = await _turn.TakeAsync(cancellation);
        await KillAsync(cancellation);
    }

    public void Dispose()
    {
        _link?.Dispose();
        _ending.Dispose();
    }

    /// <summary>Returns whether there is one, and it answers.</summary>
    private async Task<bool> KeepAsync(CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        try
        {
            _link ??= await TryAdoptAsync(cancellation) ?? await StartAsync(cancellation);
            var wish = Volatile.Read(ref _wish);
            var order = new RelayOrder { Id = ++_asked, Plan = wish.Plan, Backends = wish.Backends };
            await _link.AskAsync(order, _link.Fresh ? options.StartMax : options.AnswerMax, cancellation);
            _link.Fresh = false;
            return true;
        }
        catch (Exception e) when (RelayClient.IsLoss(e))
        {
            LogLost(logger, e.Message, _peer ?? 0);
            await KillAsync(cancellation);
            return false;
        }
    }

    private async Task<RelayLink?> TryAdoptAsync(CancellationToken cancellation)
    {
        var link = await RelayLink.OpenAsync(host, time, path, pid => _peer = pid, options.AnswerMax, cancellation);
        if (link is not null)
            LogAdopted(logger, link.Pid);
        return link;
    }

    private async Task<RelayLink> StartAsync(CancellationToken cancellation)
    {
        var link = await RelayStart.RunAsync(host, time, options, path, pid => _peer = pid, cancellation);
        LogStarted(logger, link.Pid);
        return link;
    }

    private async Task KillAsync(CancellationToken cancellation)
    {
        _link?.Dispose();
        _link = null;
        if (_peer is { } pid)
            await host.KillAsync(pid, cancellation);
        _peer = null;
    }

    [LoggerMessage(LogLevel.Information, "Adopted the spare relay with process id {Pid}.")]
    private static partial void LogAdopted(ILogger logger, int pid);

    [LoggerMessage(LogLevel.Information, "A spare relay with process id {Pid} is ready.")]
    private static partial void LogStarted(ILogger logger, int pid);

    [LoggerMessage(LogLevel.Warning, "The spare relay with process id {Pid} is lost, another will be started: {Why}")]
    private static partial void LogLost(ILogger logger, string why, int pid);

    [LoggerMessage(LogLevel.Warning, "Another agent has taken this node's spare relay: this one keeps none any more.")]
    private static partial void LogReplaced(ILogger logger);
}
