using Fleet.Benchmarks.Faults.Faults;
using Fleet.Demo.Servers;

namespace Fleet.Benchmarks.Faults.World;

/// <summary>Somebody whom faults meet, one at a time: who is down is left alone until it is up again.</summary>
internal sealed class Victim(string name, Func<Task> killAsync, Func<Task> startAsync, Action stop, Action goOn)
{
    private int _isDown;

    public string Name => name;

    public static Victim Of(Coordinator coordinator) => new(
        coordinator.Name, () => Done(coordinator.Kill), () => Done(coordinator.Release), coordinator.Stop, coordinator.Continue);

    public static Victim Of(EtcdMember member) => new(member.Name, member.KillAsync, () => Done(member.Start), member.Stop, member.Continue);

    public static Victim Of(PostgresServer server) =>
        new("postgres", server.KillAsync, server.StartAgainAsync, server.Freeze, server.Thaw);

    /// <summary>From the fault's beginning to its end, which comes at once when it is called off; false when it was down already.</summary>
    /// <param name="struck">Called when it has begun.</param>
    public async Task<bool> StrikeAsync(FaultKind kind, TimeSpan lasts, Action struck, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _isDown, 1) != 0)
            return false;
        try
        {
            if (kind == FaultKind.Kill)
                await killAsync();
            else
                stop();
            struck();
            await Task.Delay(lasts, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (kind == FaultKind.Kill)
                await startAsync();
            else
                goOn();
            return true;
        }
        finally
        {
            Volatile.Write(ref _isDown, 0);
        }
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
