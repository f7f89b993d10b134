using Fleet.Benchmarks.Report;
using Fleet.Benchmarks.Store.Fleets;
using Fleet.Benchmarks.Store.World;

namespace Fleet.Benchmarks.Store.Runs;

/// <summary>
/// Failovers at 200 events a second, and how far behind the read model is at each moment; then the same with the read model away, and how many
/// events a second it makes up for.
/// </summary>
internal sealed class ProjectionRun(StoreOptions options, StoreServers servers)
{
    private const int EventsPerSecond = 200;
    private const double LagMax = 1;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public async Task<IEnumerable<Figure>> RunAsync(CancellationToken cancellation)
    {
        await servers.EmptyPostgresAsync(cancellation);
        var etcd = servers.NewPrefix();
        await using var writer = await Writer.FoundAsync(
            StoreServers.Open(etcd), new FleetHistory(options.Nodes, options.Vips, options.Seed), cancellation);
        var (lag, rate) = (new Distribution(), 0.0);
        await using (var readModel = new ReadModelWriter(servers, StoreServers.Open(etcd)))
        {
            await readModel.ReachAsync(writer.History.Revision, cancellation);
            rate = await FlowAsync(writer, readModel, lag, cancellation);
        }

        var missed = 0;
        while (missed < options.Seconds * EventsPerSecond)
            missed += (await writer.WriteAsync(cancellation)).Entry.Events.Length;
        var began = TimeProvider.System.GetTimestamp();
        await using var again = new ReadModelWriter(servers, StoreServers.Open(etcd));
        await again.ReachAsync(writer.History.Revision, cancellation);
        var made = missed / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        return
        [
            new Figure($"events written for {options.Seconds} s", rate, EventsPerSecond * 0.95, "/s", IsLeast: true),
            new Figure("the read model is behind them by at most", lag.Max, LagMax, " s"),
            new Figure("median", lag.Median, null, " s"),
            new Figure($"after an outage it makes up for {missed} events with", made, EventsPerSecond, "/s", IsLeast: true),
        ];
    }

    /// <returns>How many events a second there were.</returns>
    private async Task<double> FlowAsync(Writer writer, ReadModelWriter readModel, Distribution lag, CancellationToken cancellation)
    {
        var (began, events, waiting) = (TimeProvider.System.GetTimestamp(), 0, new Queue<(long Revision, long Written)>());
        while (TimeProvider.System.GetElapsedTime(began).TotalSeconds < options.Seconds)
        {
            while (events < TimeProvider.System.GetElapsedTime(began).TotalSeconds * EventsPerSecond)
            {
                events += (await writer.WriteAsync(cancellation)).Entry.Events.Length;
                waiting.Enqueue((writer.History.Revision, TimeProvider.System.GetTimestamp()));
                Look();
            }

            Look();
            await Task.Delay(Step, cancellation);
        }

        var rate = events / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        await readModel.ReachAsync(writer.History.Revision, cancellation);
        Look();
        return rate;

        // An entry is late by up to a step more than is true.
        void Look()
        {
            while (waiting.TryPeek(out var oldest) && oldest.Revision <= readModel.Status.Revision)
                lag.Add(TimeProvider.System.GetElapsedTime(waiting.Dequeue().Written).TotalSeconds);
        }
    }
}
