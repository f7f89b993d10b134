using Fleet.Benchmarks.Report;
using Fleet.Benchmarks.Store.Fleets;
using Fleet.Benchmarks.Store.World;

namespace Fleet.Benchmarks.Store.Runs;

/// <summary>
/// A coordinator's process follows a fleet that changes, and wins when the leader resigns. The campaign's end is when its store says that it leads;
/// it leads when its first entry is acknowledged; a node hears of it when that node's first heartbeat is acknowledged.
/// </summary>
internal sealed class FollowerRun(StoreOptions options, StoreServers servers)
{
    private const double LeadsMax = 50;
    private const int Entries = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task<IEnumerable<Figure>> RunAsync(CancellationToken cancellation)
    {
        var (leads, heard) = (new Distribution(), new Distribution());
        for (var i = 0; i < options.Repeats; i++)
            await OnceAsync(i, leads, heard, cancellation);
        return
        [
            new Figure($"a warm follower leads after the campaign's end, median of {leads.Count}", leads.Median, LeadsMax, " ms"),
            new Figure("the slowest", leads.Max, null, " ms"),
            new Figure("and has acknowledged a node's first heartbeat, which came with a full map, median", heard.Median, null, " ms"),
        ];
    }

    private async Task OnceAsync(int number, Distribution leads, Distribution heard, CancellationToken cancellation)
    {
        var etcd = servers.NewPrefix();
        await using var writer = await Writer.FoundAsync(
            StoreServers.Open(etcd), new FleetHistory(options.Nodes, options.Vips, options.Seed + number), cancellation);
        await using var follower = CoordinatorProcess.Start("c2", CoordinatorProcess.NewAddress(), options.Folder, servers.Settings(etcd));
        await follower.SaysAsync("c2", cancellation);
        // A follower that has nothing to follow for long is no warmer than one that has.
        for (var i = 0; i < Entries; i++)
        {
            await writer.WriteAsync(cancellation);
            await Task.Delay(Pause, cancellation);
        }

        var acknowledged = new EagerNode(follower.Listen, options.Nodes / 2).AcknowledgedAsync(cancellation);
        await writer.DisposeAsync();
        var won = await follower.SaysAsync("leads with term", cancellation);
        leads.Add((await follower.SaysAsync("leads term", cancellation) - won).TotalMilliseconds);
        heard.Add((await acknowledged - won).TotalMilliseconds);
    }
}
