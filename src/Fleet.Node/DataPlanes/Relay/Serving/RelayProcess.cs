using System.Runtime.InteropServices;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>
/// The relay as a process: <c>fleet-node relay</c>. It outlives its agent, so it ignores what a terminal tells the agent's process group (Ctrl-C,
/// Ctrl-Z, a hang-up). SIGTERM ends it.
/// </summary>
internal static class RelayProcess
{
    private static readonly PosixSignal[] Unheard = [PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP, PosixSignal.SIGTSTP];

    /// <summary>Returns 0 when it was stopped or has been without an agent for too long.</summary>
    public static async Task<int> RunAsync(RelayOptions options, CancellationToken cancellation)
    {
        if (options.LogFile is not null)
            StandardStreams.SendTo(options.LogFile);
        LeasePriority.PreferProcess();
        var ignored = Unheard.Select(s => PosixSignalRegistration.Create(s, context => context.Cancel = true)).ToList();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        using var logs = LoggerFactory.Create(b => b.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            o.UseUtcTimestamp = true;
        }));
        await WarmUp.RunAsync(logs.CreateLogger("relay.warm-up"), stop.Token);
        try
        {
            await new RelayProgram(options, new ServingHost(options.ConnectTimeout), logs).RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            ignored.ForEach(s => s.Dispose());
        }

        return 0;
    }
}
