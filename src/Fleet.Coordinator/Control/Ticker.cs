using Fleet.Coordinator.State;

namespace Fleet.Coordinator.Control;

/// <summary>Tells the leader that time passes, every 5 ms: the resolution at which a silent node is noticed.</summary>
public sealed class Ticker(Mailbox mailbox, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period, time);
        var tick = new LeaderInput.Tick();
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (mailbox.IsLeading && mailbox.Reader.Count < 1000)
                mailbox.Post(tick);
        }
    }
}
