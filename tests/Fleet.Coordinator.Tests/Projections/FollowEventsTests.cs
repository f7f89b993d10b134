using System.Collections.Concurrent;
using System.Diagnostics;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.Projections.Rows;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Coordinator.Tests.Stores;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>infra/postgres/examples/follow_events.py, as users copy it.</summary>
[Collection(nameof(ReadModelServer))]
public sealed class FollowEventsTests(ReadModelServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Psycopg2Fact]
    public async Task Follower_that_is_killed_again_and_again_sees_every_event_and_each_run_sees_none_twice()
    {
        await using var source = await server.ReadModelAsync();
        await using var connection = await source.OpenConnectionAsync();
        using var folder = new TemporaryFolder();
        var url = server.Server.Url(connection.Database);
        var history = new RandomHistory(21);
        var (state, position) = (FleetState.Empty, ReadPosition.Empty);
        var seen = new List<(long Revision, int Ordinal)>();
        var all = new List<(long Revision, int Ordinal)>();
        for (var run = 0; run < 6; run++)
        {
            using var follower = Follower.Start(url, Path.Combine(folder.Path, "state"));
            for (var batch = 0; batch < 8; batch++)
            {
                var rows = new List<ProjectedEntry>();
                foreach (var (entry, _) in history.Take(5))
                {
                    (state, var row) = Projection.Project(state, entry);
                    rows.Add(row);
                    all.AddRange(entry.Events.Select((_, ordinal) => (entry.Revision, ordinal)));
                }

                position = await BatchWriter.WriteAsync(connection, position, new ProjectedBatch(rows), state, false, default);
            }

            // Killed somewhere in the middle; the last run is let finish.
            await follower.UntilAsync(e => run == 5 ? e.Contains(all[^1]) : e.Count > run * 3, Patience);
            await follower.KillAsync();
            follower.Seen.ShouldBe(follower.Seen.Distinct().Order());
            seen.AddRange(follower.Seen);
        }

        seen.Distinct().Order().ShouldBe(all);
    }

    private sealed class Follower : IDisposable
    {
        private readonly ConcurrentQueue<(long, int)> _seen = new();
        private readonly Process _process;

        private Follower(Process process) => _process = process;

        public IReadOnlyCollection<(long Revision, int Ordinal)> Seen => _seen;

        public static Follower Start(string url, string state)
        {
            var start = new ProcessStartInfo(Psycopg2FactAttribute.Python, [Checkout.File("infra/postgres/examples/follow_events.py"), url, state])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            var follower = new Follower(new Process { StartInfo = start });
            follower._process.OutputDataReceived += (_, line) => follower.Read(line.Data);
            follower._process.Start();
            follower._process.BeginOutputReadLine();
            return follower;
        }

        public async Task UntilAsync(Func<IReadOnlyCollection<(long, int)>, bool> holds, TimeSpan patience)
        {
            using var bound = new CancellationTokenSource(patience);
            while (!holds(Seen))
            {
                _process.HasExited.ShouldBeFalse();
                await Task.Delay(5, bound.Token);
            }
        }

        public async Task KillAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
        }

        private void Read(string? line)
        {
            if (line?.Split('\t') is [var revision, var ordinal, ..] && long.TryParse(revision, out var r) && int.TryParse(ordinal, out var o))
                _seen.Enqueue((r, o));
        }
    }
}

/// <summary>Needs PostgreSQL and what Python speaks to it with; skipped, and said so, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class Psycopg2FactAttribute : FactAttribute
{
    /// <summary>The system's own, whatever else is on the path: the package is for this one.</summary>
    public const string Python = "/usr/bin/python3";

    public Psycopg2FactAttribute()
    {
        if (new PostgresFactAttribute().Skip is { } missing)
            Skip = missing;
        else if (!File.Exists(Python) || !Directory.Exists("/usr/lib/python3/dist-packages/psycopg2"))
            Skip = "python3-psycopg2 not found; './fleet setup' installs it.";
    }
}
