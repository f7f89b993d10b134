using System.Threading.Channels;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Node.Vips;
using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>
/// Carries out what the reactor wants of the data plane and of the holder of VIPs, and reports how it went. The reactor decides what may be held and
/// when something is tried again. Holding is done in order. What the data plane is told runs beside it, so a slow or broken data plane never holds up
/// leases.
/// </summary>
internal sealed partial class PlaneRunner(IPlaneDriver driver, NodeMailbox mailbox, TimeProvider time, ILogger<PlaneRunner> log)
{
    /// <summary>
    /// A data plane that does not answer for this long is told again. A reload of the largest configuration takes a tenth of this time.
    /// </summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    private readonly Channel<NodeEffect> _orders = Channel.CreateUnbounded<NodeEffect>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last orders that run beside holding, by kind. The reactor waits for an answer before it wants another of the same kind.</summary>
    private Task _applying = Task.CompletedTask;
    private Task _draining = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;
    private string? _said;

    public void Post(NodeEffect order) => _orders.Writer.TryWrite(order);

    /// <summary>Waits until everything posted is done.</summary>
    public async Task FinishAsync()
    {
        _orders.Writer.TryComplete();
        await _finished.Task;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await foreach (var order in _orders.Reader.EachAsync(cancellation))
            {
                if (!IsOvertaken(order))
                    await DoAsync(order, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent goes; what is held ends with its lease.
        }
        finally
        {
            _finished.TrySetResult();
            end.Cancel();
        }

        await Task.WhenAll(_applying, _draining, _reading);
    }

    /// <summary>A renewal that is followed by another of the same VIPs need not be carried out.</summary>
    private bool IsOvertaken(NodeEffect order) =>
        order is NodeEffect.HoldVips hold && _orders.Reader.TryPeek(out var next) && next is NodeEffect.HoldVips later
        && ReferenceEquals(hold.Vips, later.Vips) && ReferenceEquals(hold.Untaken, later.Untaken) && hold.Version <= later.Version;

    private async Task DoAsync(NodeEffect order, CancellationToken cancellation)
    {
        switch (order)
        {
            case NodeEffect.ApplyServices apply:
                _applying = ApplyAsync(
                    apply.Backends.Generation, late => driver.Plane.ApplyServicesAsync(apply.Plan, apply.Backends, late), cancellation);
                break;
            case NodeEffect.ApplyBackends apply:
                _applying = ApplyAsync(apply.Backends.Generation, late => driver.Plane.ApplyBackendsAsync(apply.Backends, late), cancellation);
                break;
            case NodeEffect.DrainVips drain:
                _draining = DrainAsync(drain, cancellation);
                break;
            case NodeEffect.HoldVips hold:
                await HoldAsync(hold, cancellation);
                break;
            case NodeEffect.ReadPlane read when _reading.IsCompleted:
                _reading = ReadAsync(read, cancellation);
                break;
        }
    }

    private async Task ApplyAsync(PlanGeneration generation, Func<CancellationToken, Task<PlanGeneration>> apply, CancellationToken cancellation)
    {
        await Task.Yield(); // What a data plane calculates before its first wait must not hold up a lease.
        NodeInput.Applied answer;
        Exception? failure = null;
        try
        {
            using var late = new Deadline(time, AnswerMax, cancellation);
            var carried = await apply(late.Token);
            answer = new NodeInput.Applied(generation, carried);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            failure = e;
            answer = new NodeInput.Applied(
                generation, null, e is OperationCanceledException ? $"it gave no answer for {AnswerMax.TotalSeconds:0} s" : e.Message);
        }
        catch (Exception)
        {
            return; // The agent goes.
        }

        Say(failure, answer.Failure);
        await mailbox.PostAsync(answer, CancellationToken.None);
    }

    /// <summary>Logs each new reason once, and its end.</summary>
    private void Say(Exception? failure, string? reason)
    {
        if (reason == _said)
            return;
        if (reason is null)
            LogCaughtUp();
        else
            LogBehind(failure, reason);
        _said = reason;
    }

    private async Task DrainAsync(NodeEffect.DrainVips drain, CancellationToken cancellation)
    {
        using var late = new Deadline(time, AnswerMax, cancellation);
        var isDone = await TryAsync(drain, () => driver.Plane.DrainAsync(drain.Vips, late.Token), cancellation);
        await mailbox.PostAsync(new NodeInput.Drained(isDone), CancellationToken.None);
    }

    private async Task ReadAsync(NodeEffect.ReadPlane read, CancellationToken cancellation)
    {
        using var late = new Deadline(time, AnswerMax, cancellation);
        await TryAsync(
            read, async () => await mailbox.PostAsync(new NodeInput.PlaneRead(await driver.Plane.ReadAsync(late.Token)), late.Token), cancellation);
    }

    /// <summary>The holder lets go by itself at the lease's end; the next order tries again.</summary>
    private Task<bool> HoldAsync(NodeEffect.HoldVips hold, CancellationToken cancellation) => TryAsync(
        hold,
        async () =>
        {
            var failed = await driver.Vips.HoldAsync(hold.Vips, hold.Until, cancellation);
            foreach (var (vip, reason) in failed)
                LogMissing(vip.ToString(), reason);
            await mailbox.PostAsync(new NodeInput.Held(hold, [.. failed.Keys]), cancellation);
        },
        cancellation);

    private async Task<bool> TryAsync(NodeEffect order, Func<Task> what, CancellationToken cancellation)
    {
        try
        {
            await what();
            return true;
        }
        catch (Exception e)
        {
            if (!cancellation.IsCancellationRequested)
                LogFailed(e, order.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The data plane cannot carry the newest plan, and no new VIP is taken until it does; what is held is renewed, and it is tried "
            + "again: {Reason}")]
    private partial void LogBehind(Exception? exception, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The data plane carries the newest plan again")]
    private partial void LogCaughtUp();

    [LoggerMessage(Level = LogLevel.Debug, Message = "VIP {Vip} could not be taken: {Reason}")]
    private partial void LogMissing(string vip, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The data plane failed to carry out {Order}")]
    private partial void LogFailed(Exception exception, string order);
}
