using System.Threading.Channels;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Plans;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>
/// Makes plans, one after another, while the loop goes on: each result goes back to the mailbox. If the planner breaks, that is reported and the
/// fleet goes on without a new plan; it must not take the failovers down with it.
/// </summary>
internal sealed partial class PlanWorker(Mailbox mailbox, MonotonicClock clock, IAside aside, ILogger<PlanWorker> log)
{
    private readonly Channel<LeaderWork> _ordered = Channel.CreateUnbounded<LeaderWork>(new UnboundedChannelOptions { SingleReader = true });

    public void Post(LeaderWork work) => _ordered.Writer.TryWrite(work);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var work in _ordered.Reader.EachAsync(cancellation))
            await mailbox.PostAsync(await aside.RunAsync("planner", () => Do(work)), cancellation);
    }

    private LeaderInput Do(LeaderWork work)
    {
        var began = clock.Now;
        try
        {
            return work switch
            {
                LeaderWork.Plan plan => new LeaderInput.Planned(plan.Request.Prepare(), clock.Now - began),
                LeaderWork.CompareProtection compare =>
                    new LeaderInput.ProtectionCompared(compare.Ticket, ProtectionComparison.Compare(compare.Before, compare.After)),
                _ => throw new NotSupportedException($"{work.GetType().Name} is no work for the planner."),
            };
        }
        catch (Exception e)
        {
            LogBroken(e, e.Message);
            return work is LeaderWork.CompareProtection compare
                ? new LeaderInput.ProtectionCompared(compare.Ticket, null, e.Message)
                : new LeaderInput.Planned(null, clock.Now - began, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No plan could be made, the fleet goes on with the one it has: {Reason}")]
    private partial void LogBroken(Exception exception, string reason);
}
