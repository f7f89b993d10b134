using System.Threading.Channels;
using Fleet.Coordinator.Planning;
using Fleet.Coordinator.State;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>
/// Where plans are made, one after the other, while the loop goes on: what is ordered here comes back to the mailbox. A planner that breaks is said to have, and the
/// fleet goes on without a new plan; it must not take the failovers down with it.
/// </summary>
public sealed partial class PlanRoom(Mailbox mailbox, MonotonicClock clock, ILogger<PlanRoom> log) : BackgroundService
{
    private readonly Channel<LeaderWork> ordered = Channel.CreateUnbounded<LeaderWork>(new UnboundedChannelOptions { SingleReader = true });

    public void Post(LeaderWork work) => ordered.Writer.TryWrite(work);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host starts its services one after the other: planning must not hold it up.
        await Task.Yield();
        await foreach (var work in ordered.Reader.ReadAllAsync(stoppingToken))
            await mailbox.PostAsync(await DoAsideAsync(work), stoppingToken);
    }

    /// <summary>On a thread of its own: the pool's threads have the priority that leases need, and a plan may take a second of one of few cores.</summary>
    private Task<LeaderInput> DoAsideAsync(LeaderWork work)
    {
        var done = new TaskCompletionSource<LeaderInput>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            LeasePriority.LowerThread();
            done.SetResult(Do(work));
        })
        {
            IsBackground = true,
            Name = "planner",
        }.Start();
        return done.Task;
    }

    private LeaderInput Do(LeaderWork work)
    {
        var began = clock.Now;
        try
        {
            return work switch
            {
                LeaderWork.Plan plan => new LeaderInput.Planned(PreparedPlan.Make(plan.Order), clock.Now - began),
                LeaderWork.Judge judge => new LeaderInput.Judged(judge.Ticket, Judgement.Of(judge.Before, judge.After)),
                _ => throw new NotSupportedException($"{work.GetType().Name} is no work for the planner."),
            };
        }
        catch (Exception e)
        {
            LogBroken(e, e.Message);
            return work is LeaderWork.Judge judge ? new LeaderInput.Judged(judge.Ticket, null, e.Message) : new LeaderInput.Planned(null, clock.Now - began, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No plan could be made, the fleet goes on with the one it has: {Reason}")]
    private partial void LogBroken(Exception exception, string reason);
}
