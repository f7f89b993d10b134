using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Timing;

/// <summary>
/// How long the leader of a large fleet thinks: from the tick that finds a node lost to the entry that moves its VIPs, from that entry to the new map
/// and its change, an idle tick, a heartbeat. No journal, no network. Run it by hand: <c>dotnet
/// artifacts/bin/Fleet.Coordinator.Tests/release/Fleet.Coordinator.Tests.dll time-failover</c>.
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
            i + 1,
            Name((i % Nodes) + 1),
            $"s-{i / ServiceVips:000}",
            Name(((i + 1 + (i / Nodes)) % Nodes) + 1),
            Name(((i + 77 + (i / Nodes)) % Nodes) + 1)) with
        { DemandBps = 100_000_000 });
        return new FleetState { Map = Build.Map(nodes, vips) with { Version = new MapVersion(1, 0) } };
    }

    private static string Name(int number) => $"adc-{number:0000}";

    /// <summary>A leader whose nodes do at once what they are told.</summary>
    private sealed class Stage : ILeaderEffects
    {
        private readonly Queue<LeaderInput> _inputs = [];
        private readonly FakeTime _time;
        private readonly MonotonicClock _clock;
        private readonly LeaderDriver _driver;
        private readonly Leader _leader;
        private long _seq;
        private TimeSpan _thought;
        private TimeSpan _committed;
        private TimeSpan _collected;
        private int _moved;
        private TimeSpan _slowest;
        private string _what = "";
        private long _start;
        private TimeSpan _decided;
        private TimeSpan _told;
        private JournalEntry? _recorded;

        private Stage(FakeTime time, InMemoryFleetStore store)
        {
            _time = time;
            _clock = new MonotonicClock(time);
            _leader = new Leader(1, State(), _clock.Now);
            _driver = new LeaderDriver(
                _leader, store, this, new SnapshotPace(store, int.MaxValue, 0, NullLogger.Instance), _clock, FailureId.New, NullLogger.Instance);
        }

        public static async Task<Stage> SetAsync()
        {
            var still = new FakeTime();
            var store = new InMemoryFleetStore(new InMemoryFleetStore.Memory(), still);
            await store.CampaignAsync("timing", CancellationToken.None);
            var stage = new Stage(still, store);
            for (var i = 1; i <= Nodes; i++)
                await stage.DoAsync(
                    new LeaderInput.Said(
                        i,
                        Build.By,
                        new NodeMessage.Hello(Wire.Schema, Build.Facts(Name(i), $"rack-{i % 40}"), Build.First, stage._leader.State.Map.Version)));
            return stage;
        }

        /// <summary>One heartbeat of every living node, and the ticks until the next.</summary>
        public async Task BeatAsync(HashSet<int> dead)
        {
            for (var connection = 1; connection <= Nodes; connection++)
            {
                if (!dead.Contains(connection))
                {
                    await DoAsync(new LeaderInput.Said(connection, Build.By, new NodeMessage.Heartbeat(
                        ++_seq,
                        _leader.State.Map.Version,
                        [],
                        ImmutableSortedDictionary<VipAddress, int>.Empty,
                        ImmutableSortedDictionary<BackendKey, Verdict>.Empty)));
                }
            }

            for (var tick = 0; tick < 20; tick++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(5));
                await DoAsync(new LeaderInput.Tick());
            }
        }

        public async Task LoseAsync(HashSet<int> dead, int node)
        {
            _moved = 0;
            for (var beat = 0; beat < 12; beat++)
                await BeatAsync(dead);

            Console.WriteLine(
                $"{Name(node)} lost: {_moved} VIPs, decided in {_thought.TotalMilliseconds:0.00} ms, folded and told in "
                + $"{_committed.TotalMilliseconds:0.00} ms, garbage collection {_collected.TotalMilliseconds:0.00} ms of it; "
                + $"idle tick {Idle().TotalMilliseconds:0.000} ms, heartbeat {Heartbeat().TotalMilliseconds:0.000} ms, slowest other step "
                + $"{_slowest.TotalMilliseconds:0.00} ms ({_what})");
            _slowest = TimeSpan.Zero;
        }

        private TimeSpan Idle()
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 100; i++)
            {
                _time.Advance(TimeSpan.FromMicroseconds(1));
                _leader.Step(new LeaderInput.Tick(), _clock.Now, Wall);
            }

            return watch.Elapsed / 100;
        }

        private TimeSpan Heartbeat()
        {
            var beat = new NodeMessage.Heartbeat(
                ++_seq,
                _leader.State.Map.Version,
                [],
                ImmutableSortedDictionary<VipAddress, int>.Empty,
                ImmutableSortedDictionary<BackendKey, Verdict>.Empty);
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 100; i++)
                _leader.Step(new LeaderInput.Said(500, Build.By, beat), _clock.Now, Wall);
            return watch.Elapsed / 100;
        }

        private async Task DoAsync(LeaderInput first)
        {
            _inputs.Enqueue(first);
            while (_inputs.TryDequeue(out var input))
            {
                var pauses = GC.GetTotalPauseDuration();
                (_recorded, _decided, _told) = (null, TimeSpan.Zero, TimeSpan.Zero);
                _start = Stopwatch.GetTimestamp();
                await _driver.TakeAsync(input, CancellationToken.None);
                if (_recorded is { } entry && entry.Events.Any(e => e is FleetEvent.NodeLost))
                    (_thought, _committed, _collected, _moved) =
                        (_decided, _told, GC.GetTotalPauseDuration() - pauses, entry.Events.OfType<FleetEvent.VipsMoved>().Sum(e => e.Moves.Length));
                else
                    Note(_decided + _told, input, pauses, _recorded);
            }
        }

        /// <summary>From here on it is folded and told.</summary>
        public bool Begins(RequestOrigin origin) => true;

        public void Record(JournalEntry entry)
        {
            _recorded = entry;
            _start = Stopwatch.GetTimestamp();
        }

        public void Do(IReadOnlyList<LeaderWork> works)
        {
            var took = Stopwatch.GetElapsedTime(_start);
            if (_recorded is null)
                _decided = took;
            else
                _told = took;
            Answer(works);
        }

        private void Note(TimeSpan took, LeaderInput input, TimeSpan pauses, JournalEntry? entry = null)
        {
            if (took <= _slowest)
                return;
            _slowest = took;
            _what = $"{input.GetType().Name}, garbage collection {(GC.GetTotalPauseDuration() - pauses).TotalMilliseconds:0.00} ms of it "
                + $"{string.Join(',', entry?.Events.Select(e => e.GetType().Name).Distinct() ?? [])}";
        }

        private void Answer(IReadOnlyList<LeaderWork> works)
        {
            foreach (var plan in works.OfType<LeaderWork.Plan>())
                _inputs.Enqueue(new LeaderInput.Planned(plan.Request.Prepare(), TimeSpan.Zero));
            foreach (var send in works.OfType<LeaderWork.Send>())
            {
                if (send.Message is LeaderMessage.WitnessQuery query)
                    _inputs.Enqueue(
                        new LeaderInput.Said(
                            send.Connection,
                            Build.By,
                            new NodeMessage.WitnessReply(query.Id, [.. query.Nodes.Select(n => new NodeSilence(n, 10_000_000))])));
            }
        }
    }
}
