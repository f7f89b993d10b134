using System.Net.Sockets;
using System.Text.Json;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>
/// Controls the agent's relay. Adopts the one that is there or starts one, and gives one order at a time. A relay that is dead or does not answer is
/// killed; the spare or a new relay takes its place and is told everything again. Disposing the client leaves the relay running, until its lease's
/// end and beyond, for the next agent to adopt.
/// </summary>
internal sealed partial class RelayClient(RelayClientOptions options, IRelayHost host, TimeProvider time, ILogger<RelayClient> logger) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StartPause = TimeSpan.FromMilliseconds(500);
    private readonly Turns _turn = new();
    private readonly RelaySpare? _spare = options.SparePath is { } path ? new RelaySpare(options, path, host, time, logger) : null;
    private RelayOrder _wish = new() { Id = 0 };
    private volatile RelayLink? _link;
    private int? _peer;

    /// <summary>Relays that were given up because they were dead or did not answer.</summary>
    public int Restarts { get; private set; }

    /// <summary>The relay's process; null before the first order.</summary>
    public int? Pid => _link?.Pid;

    /// <summary>The process that would take the relay's place; null while none is ready.</summary>
    public int? SparePid => _spare?.Pid;

    /// <summary>
    /// Connects, or starts a relay and connects, and returns what that relay holds: a new agent looks here for what its predecessor left. It tries
    /// until there is one: a relay that a busy machine starts too slowly is no reason to end an agent that has DNS to answer and peers to watch.
    /// </summary>
    public async Task<RelayReport> ConnectAsync(CancellationToken cancellation)
    {
        while (true)
        {
            using (await _turn.TakeAsync(cancellation))
            {
                try
                {
                    return (await LinkAsync(cancellation)).Found;
                }
                catch (Exception e) when (IsLoss(e))
                {
                    LogNotStarted(logger, e.Message);
                }
            }

            await Task.Delay(StartPause, time, cancellation);
        }
    }

    /// <summary>
    /// Keeps a spare, and puts it in the relay's place as soon as the relay dies, not with the next order. Runs until it is cancelled.
    /// </summary>
    /// <exception cref="RelayReplacedException">The relay has a newer agent.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var spare = _spare?.RunAsync(cancellation) ?? Task.CompletedTask;
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                if (_link is { } link)
                {
                    await link.Ended.WaitAsync(cancellation);
                    await ReplaceAsync(link, cancellation);
                }
                else
                {
                    await Task.Delay(LookEvery, time, cancellation); // The next order brings one.
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The agent goes.
        }

        await spare;
    }

    /// <summary>Makes true what the order names; what it leaves null stays as it was. The order's id is set here.</summary>
    /// <exception cref="IOException">A relay that was started anew does not answer either.</exception>
    /// <exception cref="RelayReplacedException">The relay has a newer agent.</exception>
    public async Task<RelayReport> OrderAsync(RelayOrder order, CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        Remember(order);
        return await AskTwiceAsync(order.ReadCounters, cancellation);
    }

    /// <summary>Ends the relay and the spare at once, and with them everything they hold.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        if (_spare is not null)
            await _spare.EndAsync(cancellation);
        using var turn = await _turn.TakeAsync(cancellation);
        await KillAsync(cancellation);
    }

    public void Dispose()
    {
        _link?.Dispose();
        _link = null;
        _spare?.Dispose();
    }

    /// <summary>The relay is dead, or does not answer as a relay does.</summary>
    internal static bool IsLoss(Exception e) => e is IOException or SocketException or TimeoutException or JsonException;

    private void Remember(RelayOrder order)
    {
        _wish = new RelayOrder
        {
            Id = _wish.Id,
            Plan = order.Plan ?? _wish.Plan,
            Backends = order.Backends ?? _wish.Backends,
            Hold = order.Hold ?? _wish.Hold,
            Draining = order.Draining ?? _wish.Draining,
        };
        _spare?.Tell(_wish);
    }

    private async Task<RelayReport> AskAsync(bool counters, CancellationToken cancellation)
    {
        var link = await LinkAsync(cancellation);
        _wish = _wish with { Id = _wish.Id + 1 };
        var report = await link.AskAsync(_wish with { ReadCounters = counters }, link.Fresh ? options.StartMax : options.AnswerMax, cancellation);
        link.Fresh = false;
        return report;
    }

    /// <summary>A relay that has died is replaced, and told everything again.</summary>
    private async Task ReplaceAsync(RelayLink dead, CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        if (!ReferenceEquals(_link, dead))
            return;
        if (dead.IsReplaced)
            throw new RelayReplacedException();
        await GiveUpAsync(new IOException("The relay has closed the connection."), cancellation);
        try
        {
            await AskTwiceAsync(counters: false, cancellation);
        }
        catch (Exception e) when (IsLoss(e))
        {
            // It is given up already; the next order tries again.
        }
    }

    /// <summary>The relay that is asked first may be a spare that is dead too; then a new one is started.</summary>
    private async Task<RelayReport> AskTwiceAsync(bool counters, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(counters, cancellation);
        }
        catch (Exception e) when (IsLoss(e))
        {
            await GiveUpAsync(e, cancellation);
        }

        try
        {
            return await AskAsync(counters, cancellation);
        }
        catch (Exception e) when (IsLoss(e))
        {
            await GiveUpAsync(e, cancellation);
            throw new IOException("The relay does not answer, nor does one started anew.", e);
        }
    }

    private async Task<RelayLink> LinkAsync(CancellationToken cancellation)
    {
        if (_link is { IsReplaced: true })
            throw new RelayReplacedException();
        return _link ??= await TryAdoptAsync(cancellation) ?? await PromoteAsync(cancellation) ?? await StartAsync(cancellation);
    }

    private async Task<RelayLink?> PromoteAsync(CancellationToken cancellation)
    {
        if (_spare is null || await _spare.TakeAsync(cancellation) is not { } link)
            return null;
        _peer = link.Pid;
        LogPromoted(logger, link.Pid);
        return link;
    }

    private async Task<RelayLink?> TryAdoptAsync(CancellationToken cancellation)
    {
        try
        {
            var link = await RelayLink.OpenAsync(host, time, options.SocketPath, pid => _peer = pid, options.AnswerMax, cancellation);
            if (link is not null)
                LogAdopted(logger, link.Pid, link.Found.Held?.Count ?? 0);
            return link;
        }
        catch (Exception e) when (IsLoss(e))
        {
            await GiveUpAsync(e, cancellation);
            return null;
        }
    }

    private async Task<RelayLink> StartAsync(CancellationToken cancellation)
    {
        var link = await RelayStart.RunAsync(host, time, options, options.SocketPath, pid => _peer = pid, cancellation);
        LogStarted(logger, link.Pid);
        return link;
    }

    private async Task GiveUpAsync(Exception why, CancellationToken cancellation)
    {
        Restarts++;
        LogGivenUp(logger, why, _peer ?? 0);
        await KillAsync(cancellation);
    }

    private async Task KillAsync(CancellationToken cancellation)
    {
        _link?.Dispose();
        _link = null;
        if (_peer is { } pid)
            await host.KillAsync(pid, cancellation);
        _peer = null;
    }

    [LoggerMessage(LogLevel.Information, "Adopted the relay with process id {Pid}, which holds {Count} VIPs.")]
    private static partial void LogAdopted(ILogger logger, int pid, int count);

    [LoggerMessage(LogLevel.Information, "Started a relay with process id {Pid}.")]
    private static partial void LogStarted(ILogger logger, int pid);

    [LoggerMessage(LogLevel.Warning, "The spare relay with process id {Pid} takes the relay's place.")]
    private static partial void LogPromoted(ILogger logger, int pid);

    [LoggerMessage(LogLevel.Warning, "There is no relay yet, and nothing can be held until there is; trying again. {Why}")]
    private static partial void LogNotStarted(ILogger logger, string why);

    [LoggerMessage(LogLevel.Warning, "The relay with process id {Pid} is given up and killed; another takes its place.")]
    private static partial void LogGivenUp(ILogger logger, Exception why, int pid);
}
