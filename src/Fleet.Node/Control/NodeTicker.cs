using Fleet.Node.Core;

namespace Fleet.Node.Control;

/// <summary>Tells the reactor that time passes, every 5 ms.</summary>
public sealed class NodeTicker(NodeMailbox mailbox, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period, time);
        var tick = new NodeInput.Tick();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
                mailbox.Post(tick);
        }
        catch (OperationCanceledException)
        {
            // The only way out.
        }
    }
}
