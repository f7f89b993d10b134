using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Planning;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Timing;

/// <summary>
/// How long the leader of a large fleet thinks: from the tick that finds a node lost to the entry that moves its VIPs, from that entry to the new map and its change,
/// an idle tick, a heartbeat. No journal, no network. Run it by hand: <c>dotnet artifacts/bin/Fleet.Coordinator.Tests/release/Fleet.Coordinator.Tests.dll time-failover</c>.
/// </summary>
internal static class FailoverTiming
{
    private const int Nodes = 1000;
    private const int VipsEach = 50;
    private const int ServiceVips = 100;
    private static readonly DateTimeOffset Wall = DateTimeOffset.UnixEpoch;

    public static async Task<int> RunAsync()
    {
        var stage = await Stage.SetAsync();
        for (var beat = 0; beat < 20; beat++)
            await stage.BeatAsync([]);
        var dead = new HashSet<int>();
        for (var loss = 1; loss <= 12; loss++)
        {
            dead.Add(loss * 7);
            await stage.LoseAsync(dead, loss * 7);
        }

        return 0;
    }

    private static FleetState State()
    {
        var nodes = Enumerable.Range(1, Nodes).Select(i => Build.Node(Name(i), domain: $"rack-{i % 40}")).ToArray();
        var vips = Enumerable.Range(0, Nodes * VipsEach).Select(i => Build.Serving(
            i + 1, Name((i % Nodes) + 1), $"s-{i / ServiceVips:000}", Name(((i + 1 + (i / Nodes)) % Nodes) + 1), Name(((i + 77 + (i / Nodes)) % Nodes) + 1)) with
        { DemandBps = 100_000_000 });
        return new FleetState { Map = Build.Map(nodes, vips) with { Version = new MapVersion(1, 0) } };
    }

    private static string Name(int number) => $"adc-{number:0000}";

    /// <summary>A leader whose nodes do at once what they are told.</summary>
    private sealed class Stage : ILeaderEffects
    {
        private readonly Queue<LeaderInput> inputs = [];
        private readonly FakeTime time;
        private readonly MonotonicClock clock;
        private readonly LeaderDriver driver;
        private readonly Leader leader;
        private long seq;
        private TimeSpan thought;
        private TimeSpan committed;
        private TimeSpan collected;
        private int moved;
        private TimeSpan slowest;
        private string what = "";
        private long start;
        private TimeSpan decided;
        private TimeSpan told;
        private JournalEntry? recorded;

        private Stage(FakeTime time, InMemoryFleetStore store)
        {
            this.time = time;
            clock = new MonotonicClock(time);
            leader = new Leader(1, State(), clock.Now);
            driver = new LeaderDriver(leader, store, this, new SnapshotPace(store, int.MaxValue, 0, NullLogger.Instance), clock, FailureId.New, NullLogger.Instance);
        }

        public static async Task<Stage> SetAsync()
        {
            var still = new FakeTime();
            var store = new InMemoryFleetStore(new InMemoryFleetStore.Memory(), still);
            await store.CampaignAsync("timing", CancellationToken.None);
            var stage = new Stage(still, store);
            for (var i = 1; i <= Nodes; i++)
                await stage.DoAsync(new LeaderInput.Said(i, new NodeMessage.Hello(Wire.Schema, Build.Facts(Name(i), $"rack-{i % 40}"), "first", stage.leader.State.Map.Version)));
            return stage;
        }

        /// <summary>One heartbeat of every living node, and the ticks until the next.</summary>
        public async Task BeatAsync(HashSet<int> dead)
        {
            for (var connection = 1; connection <= Nodes; connection++)
            {
                if (!dead.Contains(connection))
                {
                    await DoAsync(new LeaderInput.Said(connection, new NodeMessage.Heartbeat(
                        ++seq, leader.State.Map.Version, [], ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty)));
                }
            }

            for (var tick = 0; tick < 20; tick++)
            {
                time.Advance(TimeSpan.FromMilliseconds(5));
                await DoAsync(new LeaderInput.Tick());
            }
        }

        public async Task LoseAsync(HashSet<int> dead, int node)
        {
            moved = 0;
            for (var beat = 0; beat < 12; beat++)
                await BeatAsync(dead);

            Console.WriteLine(
                $"{Name(node)} lost: {moved} VIPs, decided in {thought.TotalMilliseconds:0.00} ms, folded and told in {committed.TotalMilliseconds:0.00} ms, garbage collection {collected.TotalMilliseconds:0.00} ms of it; "
                + $"idle tick {Idle().TotalMilliseconds:0.000} ms, heartbeat {Heartbeat().TotalMilliseconds:0.000} ms, slowest other step {slowest.TotalMilliseconds:0.00} ms ({what})");
            slowest = TimeSpan.Zero;
        }

        private TimeSpan Idle()
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 100; i++)
            {
                time.Advance(TimeSpan.FromMicroseconds(1));
                leader.Step(new LeaderInput.Tick(), clock.Now, Wall);
            }

            return watch.Elapsed / 100;
        }

        private TimeSpan Heartbeat()
        {
            var beat = new NodeMessage.Heartbeat(++seq, leader.State.Map.Version, [], ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty);
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 100; i++)
                leader.Step(new LeaderInput.Said(500, beat), clock.Now, Wall);
            return watch.Elapsed / 100;
        }

        private async Task DoAsync(LeaderInput first)
        {
            inputs.Enqueue(first);
            while (inputs.TryDequeue(out var input))
            {
                var pauses = GC.GetTotalPauseDuration();
                (recorded, decided, told) = (null, TimeSpan.Zero, TimeSpan.Zero);
                start = Stopwatch.GetTimestamp();
                await driver.TakeAsync(input, CancellationToken.None);
                if (recorded is { } entry && entry.Events.Any(e => e is FleetEvent.NodeLost))
                    (thought, committed, collected, moved) = (decided, told, GC.GetTotalPauseDuration() - pauses, entry.Events.OfType<FleetEvent.VipsMoved>().Sum(e => e.Moves.Length));
                else
                    Note(decided + told, input, pauses, recorded);
            }
        }

        /// <summary>From here on it is folded and told.</summary>
        public void Record(JournalEntry entry)
        {
            recorded = entry;
            start = Stopwatch.GetTimestamp();
        }

        public void Do(IReadOnlyList<LeaderWork> works)
        {
            var took = Stopwatch.GetElapsedTime(start);
            if (recorded is null)
                decided = took;
            else
                told = took;
            Answer(works);
        }

        private void Note(TimeSpan took, LeaderInput input, TimeSpan pauses, JournalEntry? entry = null)
        {
            if (took <= slowest)
                return;
            slowest = took;
            what = $"{input.GetType().Name}, garbage collection {(GC.GetTotalPauseDuration() - pauses).TotalMilliseconds:0.00} ms of it {string.Join(',', entry?.Events.Select(e => e.GetType().Name).Distinct() ?? [])}";
        }

        private void Answer(IReadOnlyList<LeaderWork> works)
        {
            foreach (var plan in works.OfType<LeaderWork.Plan>())
                inputs.Enqueue(new LeaderInput.Planned(PreparedPlan.Make(plan.Order), TimeSpan.Zero));
            foreach (var send in works.OfType<LeaderWork.Send>())
            {
                if (send.Message is LeaderMessage.WitnessQuery query)
                    inputs.Enqueue(new LeaderInput.Said(send.Connection, new NodeMessage.WitnessReply(query.Id, [.. query.Nodes.Select(n => new NodeSilence(n, 10_000_000))])));
            }
        }
    }
}
