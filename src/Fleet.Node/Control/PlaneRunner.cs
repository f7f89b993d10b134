using System.Threading.Channels;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Node.Vips;

namespace Fleet.Node.Control;

/// <summary>
/// Carries out what the reactor wants of the data plane, one thing after the other, and reports what was held. A data plane that is slow or broken never holds up
/// heartbeats or leases: those are renewed by the newest order only, and what failed is asked for again with the next one.
/// </summary>
public sealed partial class PlaneRunner(IDataPlane plane, IVipHolder holder, NodeMailbox mailbox, ILogger<PlaneRunner> log)
{
    private readonly Channel<NodeEffect> orders = Channel.CreateUnbounded<NodeEffect>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Post(NodeEffect order) => orders.Writer.TryWrite(order);

    /// <summary>Waits until everything posted is done.</summary>
    public async Task FinishAsync()
    {
        orders.Writer.TryComplete();
        await finished.Task;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var order in orders.Reader.ReadAllAsync(cancellation))
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
            finished.TrySetResult();
        }
    }

    /// <summary>A renewal that is followed by another of the same VIPs need not be carried out.</summary>
    private bool IsOvertaken(NodeEffect order) =>
        order is NodeEffect.HoldVips hold && orders.Reader.TryPeek(out var next) && next is NodeEffect.HoldVips later
        && ReferenceEquals(hold.Vips, later.Vips) && hold.Version <= later.Version;

    private async Task DoAsync(NodeEffect order, CancellationToken cancellation)
    {
        try
        {
            switch (order)
            {
                case NodeEffect.ApplyPlane apply:
                    await plane.ApplyAsync(apply.Plan, cancellation);
                    break;
                case NodeEffect.DrainVips drain:
                    await plane.DrainAsync(drain.Vips, cancellation);
                    break;
                case NodeEffect.HoldVips hold:
                    var failed = await holder.HoldAsync(hold.Vips, hold.Until, cancellation);
                    foreach (var (vip, reason) in failed)
                        LogMissing(vip.ToString(), reason);
                    await mailbox.PostAsync(new NodeInput.Held(hold.Version, [.. failed.Keys]), cancellation);
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "VIP {Vip} could not be taken: {Reason}")]
    private partial void LogMissing(string vip, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The data plane failed to carry out {Order}")]
    private partial void LogFailed(Exception exception, string order);
}
