using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>
/// The agent's hand on its relay: adopts the one that is there or starts one, gives one order at a time, and replaces a relay that is dead or does not answer: it
/// kills it, starts another and tells it everything again. Disposing it leaves the relay running, until its lease's end and beyond, for the next agent to adopt.
/// </summary>
public sealed partial class RelayClient(RelayClientOptions options, ILogger<RelayClient> logger) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectEvery = TimeSpan.FromMilliseconds(5);
    private readonly SemaphoreSlim _turn = new(1);
    private RelayOrder _wish = new() { Id = 0 };
    private RelayLink? _link;
    private int? _peer;

    /// <summary>Relays that were given up because they were dead or did not answer.</summary>
    public int Restarts { get; private set; }

    /// <summary>The relay's process; null before the first order.</summary>
    public int? Pid => _link?.Pid;

    /// <summary>Connects, or starts a relay and connects, and returns what that relay holds: a new agent looks here for what its predecessor left.</summary>
    public async Task<RelayReport> ConnectAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return (await LinkAsync(cancellation)).Found;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes what the order names so; what it leaves null stays. The order's id is given here.</summary>
    /// <exception cref="IOException">A relay that was started anew does not answer either.</exception>
    /// <exception cref="RelayReplacedException">The relay has a newer agent.</exception>
    public async Task<RelayReport> OrderAsync(RelayOrder order, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            Remember(order);
            try
            {
                return await AskAsync(order.ReadCounters, cancellation);
            }
            catch (Exception e) when (IsLoss(e))
            {
                await GiveUpAsync(e, cancellation);
            }

            try
            {
                return await AskAsync(order.ReadCounters, cancellation);
            }
            catch (Exception e) when (IsLoss(e))
            {
                await GiveUpAsync(e, cancellation);
                throw new IOException("The relay does not answer, nor does one started anew.", e);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the relay, and with it all it holds, at once.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await KillAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _link?.Dispose();
        _link = null;
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsLoss(Exception e) => e is IOException or SocketException or TimeoutException or JsonException;

    private void Remember(RelayOrder order)
    {
        if (order.Plan is not null && _link is not null)
            _link.KnowsPlan = false;
        _wish = new RelayOrder
        {
            Id = _wish.Id,
            Plan = order.Plan ?? _wish.Plan,
            Hold = order.Hold ?? _wish.Hold,
            Draining = order.Draining ?? _wish.Draining,
        };
    }

    private async Task<RelayReport> AskAsync(bool counters, CancellationToken cancellation)
    {
        var link = await LinkAsync(cancellation);
        _wish = _wish with { Id = _wish.Id + 1 };
        var order = _wish with { Plan = link.KnowsPlan ? null : _wish.Plan, ReadCounters = counters };
        var report = await link.AskAsync(order, link.Fresh ? options.StartMax : options.AnswerMax, cancellation);
        link.KnowsPlan = true;
        link.Fresh = false;
        return report;
    }

    private async Task<RelayLink> LinkAsync(CancellationToken cancellation)
    {
        if (_link is not null)
            return _link;
        _link = await TryAdoptAsync(cancellation) ?? await StartAsync(cancellation);
        return _link;
    }

    private async Task<RelayLink?> TryAdoptAsync(CancellationToken cancellation)
    {
        try
        {
            var link = await OpenAsync(options.AnswerMax, cancellation);
            LogAdopted(logger, link.Pid, link.Found.Held?.Count ?? 0);
            return link;
        }
        catch (SocketException)
        {
            return null; // Nobody listens there.
        }
        catch (Exception e) when (IsLoss(e))
        {
            await GiveUpAsync(e, cancellation);
            return null;
        }
    }

    private async Task<RelayLink> StartAsync(CancellationToken cancellation)
    {
        File.Delete(options.SocketPath);
        using var child = RelayChild.Start(options);
        _peer = child.Id;
        LogStarted(logger, child.Id);
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var link = await OpenAsync(options.StartMax, cancellation);
                link.Fresh = true;
                return link;
            }
            catch (SocketException) when (!child.HasExited && since.Elapsed < options.StartMax)
            {
                await Task.Delay(ConnectEvery, cancellation);
            }
        }
    }

    private Task<RelayLink> OpenAsync(TimeSpan wait, CancellationToken cancellation) =>
        RelayLink.OpenAsync(options.SocketPath, pid => _peer = pid, wait, cancellation);

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
            await RelayChild.KillAsync(pid, options.SocketPath, cancellation);
        _peer = null;
    }

    [LoggerMessage(LogLevel.Information, "Adopted the relay with process id {Pid}, which holds {Count} VIPs.")]
    private static partial void LogAdopted(ILogger logger, int pid, int count);

    [LoggerMessage(LogLevel.Information, "Started a relay with process id {Pid}.")]
    private static partial void LogStarted(ILogger logger, int pid);

    [LoggerMessage(LogLevel.Warning, "The relay with process id {Pid} is given up and killed; another takes its place.")]
    private static partial void LogGivenUp(ILogger logger, Exception why, int pid);
}
