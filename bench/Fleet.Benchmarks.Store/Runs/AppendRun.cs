using Fleet.Benchmarks.Report;
using Fleet.Benchmarks.Store.Fleets;
using Fleet.Benchmarks.Store.World;
using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Benchmarks.Store.Runs;

/// <summary>
/// Nodes are lost and come back, a hundred entries a second, in etcd and in PostgreSQL by turns. Beside each a follower folds the journal, the read
/// model is written, and snapshots are saved while entries are appended.
/// </summary>
internal sealed class AppendRun(StoreOptions options, StoreServers servers)
{
    private const double AppendMax = 20;
    private const int Rounds = 8;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    /// <summary>Twice as often as a leader does, where there are many entries.</summary>
    private readonly int _snapshotEvery = Math.Max(10, options.Failovers / Rounds);

    public async Task<IEnumerable<Figure>> RunAsync(CancellationToken cancellation)
    {
        if (options.WithPostgres)
            await servers.EmptyPostgresAsync(cancellation);
        var etcd = servers.NewPrefix();
        var sides = new List<Side> { await BeginAsync("etcd", () => StoreServers.Open(etcd), AppendMax, cancellation) };
        if (options.WithPostgres)
            sides.Add(await BeginAsync("PostgreSQL", servers.OpenPostgres, null, cancellation));
        // One database has one read model: it follows the store that is judged.
        await using var readModel = options.WithPostgres ? new ReadModelWriter(servers, StoreServers.Open(etcd)) : null;
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var side in sides)
                    await side.RoundAsync(options.Failovers / Rounds, cancellation);
            }

            if (readModel is not null)
                await readModel.ReachAsync(sides[0].Revision, cancellation);
            return [.. sides.SelectMany(side => side.Figures())];
        }
        finally
        {
            foreach (var side in sides)
                await side.DisposeAsync();
        }
    }

    private async Task<Side> BeginAsync(string name, Func<IFleetStore> open, double? max, CancellationToken cancellation) => new(
        name,
        await Writer.FoundAsync(open(), new FleetHistory(options.Nodes, options.Vips, options.Seed), cancellation),
        open(),
        _snapshotEvery,
        max);

    /// <summary>One store with all that goes on beside the appends.</summary>
    private sealed class Side : IAsyncDisposable
    {
        private readonly string _name;
        private readonly Writer _writer;
        private readonly IFleetStore _tailed;
        private readonly int _snapshotEvery;
        private readonly double? _max;
        private readonly CancellationTokenSource _end = new();
        private readonly Task _following;
        private readonly Distribution _lost = new();
        private readonly Distribution _besideSnapshot = new();
        private readonly Distribution _saved = new();
        private Task _saving = Task.CompletedTask;
        private int _entries;

        public Side(string name, Writer writer, IFleetStore tailed, int snapshotEvery, double? max)
        {
            (_name, _writer, _tailed, _snapshotEvery, _max) = (name, writer, tailed, snapshotEvery, max);
            var follower = new Follower(tailed, snapshotEvery, _ => { }, TimeProvider.System, NullLogger<Follower>.Instance);
            _following = follower.RunAsync(_end.Token);
        }

        public long Revision => _writer.History.Revision;

        public async Task RoundAsync(int failovers, CancellationToken cancellation)
        {
            using var timer = new PeriodicTimer(Period);
            for (var i = 0; i < failovers * 2; i++)
            {
                await timer.WaitForNextTickAsync(cancellation);
                var isSaving = !_saving.IsCompleted;
                var (_, isLoss, took) = await _writer.WriteAsync(cancellation);
                if (isLoss)
                    (isSaving ? _besideSnapshot : _lost).Add(took);
                if (isLoss && isSaving)
                    _lost.Add(took);
                if (++_entries % _snapshotEvery == 0 && _saving.IsCompleted)
                    _saving = SaveAsync(cancellation);
            }

            await _saving;
        }

        public IEnumerable<Figure> Figures() =>
        [
            new Figure($"append of a one-node failover to {_name}, p99 of {_lost.Count}", _lost.At(0.99), _max, " ms"),
            new Figure($"the same, median", _lost.Median, null, " ms"),
            new Figure($"the same, the slowest", _lost.Max, null, " ms"),
            new Figure($"p99 of the {_besideSnapshot.Count} that began while a snapshot was saved", _besideSnapshot.At(0.99), null, " ms"),
            new Figure("appends that were in doubt, and looked for", _writer.Doubts, null),
            new Figure($"a snapshot saved in {_name}, median of {_saved.Count}", _saved.Median, null, " ms"),
        ];

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _tailed.DisposeAsync();
            await _writer.DisposeAsync();
            _end.Dispose();
        }

        private async Task SaveAsync(CancellationToken cancellation)
        {
            var began = TimeProvider.System.GetTimestamp();
            await _writer.Store.SaveSnapshotAsync(_writer.History.State, cancellation);
            _saved.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }
    }
}
