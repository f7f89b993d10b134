using Fleet.Benchmarks.Report;
using Fleet.Benchmarks.Store.Fleets;
using Fleet.Benchmarks.Store.World;

namespace Fleet.Benchmarks.Store.Runs;

/// <summary>
/// One coordinator alone, which is started where a snapshot and many events are: after the one before has given the leadership back, and after a
/// <c>kill -9</c>, when etcd still has the dead one for the leader. The time counts from before there is a process.
/// </summary>
internal sealed class RestartRun(StoreOptions options, StoreServers servers)
{
    private const double LeadsMax = 2;

    public async Task<IEnumerable<Figure>> RunAsync(CancellationToken cancellation)
    {
        Distribution leads = new(), heard = new(), killed = new(), processor = new();
        for (var i = 0; i < options.Repeats; i++)
            await OnceAsync(i, leads, heard, killed, processor, cancellation);
        return
        [
            new Figure($"a restarted coordinator leads, median of {leads.Count}", leads.Median, LeadsMax, " s"),
            new Figure("the slowest", leads.Max, null, " s"),
            new Figure("processor time that it has had by then, median", processor.Median, null, " s"),
            new Figure("and has acknowledged a node's first heartbeat, which came with a full map, median", heard.Median, null, " s"),
            new Figure("after kill -9 it leads again, median", killed.Median, null, " s"),
            new Figure("the slowest after kill -9", killed.Max, null, " s"),
        ];
    }

    private async Task OnceAsync(
        int number, Distribution leads, Distribution heard, Distribution killed, Distribution processor, CancellationToken cancellation)
    {
        var etcd = servers.NewPrefix();
        await using (var writer = await Writer.FoundAsync(
            StoreServers.Open(etcd), new FleetHistory(options.Nodes, options.Vips, options.Seed + number), cancellation))
        {
            for (var events = 0; events < options.Backlog;)
                events += (await writer.WriteAsync(cancellation)).Entry.Events.Length;
        }

        var address = CoordinatorProcess.NewAddress();
        // None of the entries is covered by a newer snapshot before the second start.
        string[] settings = [.. servers.Settings(etcd), $"fleet.coordinator.snapshot-every={options.Backlog * 2}"];
        await using (var first = CoordinatorProcess.Start("c1", address, options.Folder, settings))
        {
            var acknowledged = new EagerNode(address, options.Nodes / 2).AcknowledgedAsync(cancellation);
            leads.Add((await first.SaysAsync("leads term", cancellation) - first.Started).TotalSeconds);
            processor.Add(first.Processor().TotalSeconds);
            heard.Add((await acknowledged - first.Started).TotalSeconds);
            await first.KillAsync(cancellation);
        }

        await using var second = CoordinatorProcess.Start("c1", address, options.Folder, settings);
        killed.Add((await second.SaysAsync("leads term", cancellation) - second.Started).TotalSeconds);
    }
}
