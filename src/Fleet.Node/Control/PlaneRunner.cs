using System.Collections.Immutable;
using System.Threading.Channels;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Node.Vips;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>
/// Carries out what the reactor wants of the data plane, one thing after the other, and reports what was held. A data plane that is slow or broken
/// never holds up heartbeats or leases: VIPs that are held are renewed all the same. But no VIP is taken before the newest plan is carried: it is
/// reported as missing, and the plan is tried again. VIPs whose draining failed are reported as undrained.
/// </summary>
/// <param name="found">What the holder holds already, for an agent before this one.</param>
public sealed partial class PlaneRunner(
    IDataPlane plane, IVipHolder holder, NodeMailbox mailbox, TimeProvider time, ImmutableSortedSet<VipAddress> found, ILogger<PlaneRunner> log)
{
    private readonly RetriedOrder<NodePlan> _plan = new(plane.ApplyAsync, time);
    private readonly RetriedOrder<ImmutableSortedSet<VipAddress>> _drain = new(plane.DrainAsync, time);
    private readonly Channel<NodeEffect> _orders = Channel.CreateUnbounded<NodeEffect>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the holder was last seen to hold.</summary>
    private ImmutableSortedSet<VipAddress> _held = found;
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
        try
        {
            await foreach (var order in _orders.Reader.EachAsync(cancellation))
            {
                if (!IsOvertaken(order))
                    await DoAsync(order, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent goes; what is held ends with its lease.
        }
        finally
        {
            _finished.TrySetResult();
        }
    }

    /// <summary>A renewal that is followed by another of the same VIPs need not be carried out.</summary>
    private bool IsOvertaken(NodeEffect order) =>
        order is NodeEffect.HoldVips hold && _orders.Reader.TryPeek(out var next) && next is NodeEffect.HoldVips later
        && ReferenceEquals(hold.Vips, later.Vips) && hold.Version <= later.Version;

    private async Task DoAsync(NodeEffect order, CancellationToken cancellation)
    {
        try
        {
            switch (order)
            {
                case NodeEffect.ApplyPlane apply:
                    _plan.Want(apply.Plan);
                    await GoOnAsync(cancellation);
                    break;
                case NodeEffect.DrainVips drain:
                    _drain.Want(drain.Vips);
                    await GoOnAsync(cancellation);
                    break;
                case NodeEffect.HoldVips hold:
                    await HoldAsync(hold, cancellation);
                    break;
                case NodeEffect.ReadCounters:
                    await mailbox.PostAsync(new NodeInput.Counted(await plane.ReadCountersAsync(cancellation)), cancellation);
                    break;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // The holder lets go by itself at the lease's end; the next order tries again.
            LogFailed(e, order.GetType().Name);
        }
    }

    /// <summary>First what is held is renewed, whatever the plan's state; then what is new is taken, if the plan is carried by now.</summary>
    private async Task HoldAsync(NodeEffect.HoldVips hold, CancellationToken cancellation)
    {
        var wanted = _plan.Wanted is null ? hold.Vips : hold.Vips.Intersect(_held);
        var failed = await TakeAsync(wanted, hold.Until, cancellation);
        await GoOnAsync(cancellation);
        if (_plan.Wanted is null && wanted.Count < hold.Vips.Count)
        {
            wanted = hold.Vips;
            failed = await TakeAsync(wanted, hold.Until, cancellation);
        }

        foreach (var (vip, reason) in failed)
            LogMissing(vip.ToString(), reason);
        await mailbox.PostAsync(new NodeInput.Held(hold.Version, [.. hold.Vips.Except(wanted).Union(failed.Keys)], _drain.Wanted), cancellation);
    }

    private async Task<ImmutableSortedDictionary<VipAddress, string>> TakeAsync(
        ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation)
    {
        _held = _held.Intersect(vips);
        var failed = await holder.HoldAsync(vips, until, cancellation);
        _held = vips.Except(failed.Keys);
        return failed;
    }

    /// <summary>Whatever has failed is tried again when it is due; each new reason is said once.</summary>
    private async Task GoOnAsync(CancellationToken cancellation)
    {
        var isDone = await _plan.GoOnAsync(cancellation) & await _drain.GoOnAsync(cancellation);
        var failure = _plan.Failure ?? _drain.Failure;
        if (failure is not null && failure.Message != _said)
            LogBehind(failure, failure.Message);
        else if (isDone && _said is not null)
            LogCaughtUp();
        _said = isDone ? null : failure?.Message ?? _said;
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The data plane cannot carry the newest plan, and no new VIP is taken until it does; what is held is renewed, and it is tried "
            + "again: {Reason}")]
    private partial void LogBehind(Exception exception, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The data plane carries the newest plan again")]
    private partial void LogCaughtUp();

    [LoggerMessage(Level = LogLevel.Debug, Message = "VIP {Vip} could not be taken: {Reason}")]
    private partial void LogMissing(string vip, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The data plane failed to carry out {Order}")]
    private partial void LogFailed(Exception exception, string order);
}
