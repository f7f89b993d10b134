using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Control;

/// <summary>
/// Plays the loss of a node in an imaginary fleet, in memory and without waiting, before the coordinator leads, so that the code of a failover is
/// compiled by then. Otherwise the first real loss would wait for the compiler, 40 ms or more, and a fleet may see just one.
/// </summary>
internal static class WarmUp
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Returns what became of the lost node's VIPs, so that a test can see that the play is the real thing. The play is over when the call returns.
    /// </summary>
    public static async Task<FleetMap> PlayAsync()
    {
        var stage = await Stage.SetAsync();
        ImmutableArray<string> nodes = ["a", "b", "c", "d"];
        for (var i = 0; i < nodes.Length; i++)
            await stage.SayAsync(i + 1, new NodeMessage.Hello(Wire.Schema, Facts(nodes[i]), new Incarnation(1), MapVersion.None));
        await stage.AskAsync(new Command.ApplyService(Service()));
        for (var beat = 0; beat < 40; beat++)
            await stage.LiveAsync(beat, lost: beat > 20 ? 4 : null);
        return stage.Leader.State.Map;
    }

    private static readonly Principal By = Principal.System("warm-up");

    private static NodeFacts Facts(string name) => new(
        NodeName.Parse(name), SiteName.Parse("site"), DomainName.Parse(name), 1_000_000_000, Nowhere, Nowhere, Nowhere);

    private static IPEndPoint Nowhere => new(IPAddress.Loopback, 1);

    private static Service Service() => new()
    {
        Name = ServiceName.Parse("warm-up"),
        Listeners = [new Listener(80, ListenerProtocol.Http)],
        Vips = [.. Enumerable.Range(1, 8).Select(i => VipAddress.Parse($"127.0.0.{i}"))],
        Pool = new Pool([new Backend("backend", Nowhere)], CheckSpec.Default, BalancePolicy.RoundRobin, AllDown.FailClosed, false),
    };

    /// <summary>A leader whose journal is in memory and whose nodes do at once what they are told.</summary>
    private sealed class Stage : ILeaderEffects
    {
        private readonly Queue<LeaderInput> _inputs = [];
        private readonly StageTime _time = new();
        private readonly LeaderDriver _driver;
        private long _seq;

        private Stage(InMemoryFleetStore store, long term)
        {
            var clock = new MonotonicClock(_time);
            _driver = new LeaderDriver(
                new Leader(term, FleetState.Empty, clock.Now),
                store,
                this,
                new SnapshotPace(store, int.MaxValue, 0, NullLogger.Instance),
                clock,
                FailureId.New,
                NullLogger.Instance);
        }

        public Leader Leader => _driver.Leader;

        public static async Task<Stage> SetAsync()
        {
            var store = new InMemoryFleetStore(new InMemoryFleetStore.Memory(), new StageTime());
            return new Stage(store, (await store.CampaignAsync(new CoordinatorAddress("warm-up", null, null), CancellationToken.None)).Term);
        }

        public Task SayAsync(long connection, NodeMessage message) =>
            Wire.TryDecodeNodeMessage(Wire.Encode(message), out var heard)
                ? TakeAsync(new LeaderInput.Said(connection, By, heard))
                : Task.CompletedTask;

        public Task AskAsync(Command command) => TakeAsync(new LeaderInput.Asked(new RequestOrigin.Caller(1), command, By, null));

        /// <summary>One heartbeat of every node but the lost, and the ticks until the next.</summary>
        public async Task LiveAsync(int beat, int? lost)
        {
            for (var connection = 1; connection <= 4; connection++)
            {
                if (connection == lost)
                    continue;
                await SayAsync(connection, new NodeMessage.Heartbeat(
                    ++_seq,
                    Leader.State.Map.Version,
                    [],
                    ImmutableSortedDictionary<VipAddress, int>.Empty,
                    ImmutableSortedDictionary<BackendKey, Verdict>.Empty,
                    null));
            }

            for (var tick = 0; tick < Beat / Step; tick++)
            {
                _time.Pass(Step);
                await TakeAsync(new LeaderInput.Tick());
            }
        }

        public bool Begins(RequestOrigin origin) => true;

        public void Record(JournalEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry);

        public void Do(IReadOnlyList<LeaderWork> works)
        {
            foreach (var work in works)
            {
                switch (work)
                {
                    case LeaderWork.Plan plan:
                        _inputs.Enqueue(new LeaderInput.Planned(plan.Request.Prepare(), TimeSpan.Zero));
                        break;
                    case LeaderWork.CompareProtection compare:
                        _inputs.Enqueue(
                            new LeaderInput.ProtectionCompared(compare.Ticket, ProtectionComparison.Compare(compare.Before, compare.After)));
                        break;
                    case LeaderWork.Send send:
                        Wire.Encode(send.Message);
                        if (send.Message is LeaderMessage.WitnessQuery query)
                            _inputs.Enqueue(
                                new LeaderInput.Said(
                                    send.Connection,
                                    By,
                                    new NodeMessage.WitnessReply(query.Id, [.. query.Nodes.Select(n => new NodeSilence(n, 10_000_000))])));
                        break;
                }
            }
        }

        private async Task TakeAsync(LeaderInput first)
        {
            _inputs.Enqueue(first);
            while (_inputs.TryDequeue(out var input))
                await _driver.TakeAsync(input, CancellationToken.None);
        }
    }

    /// <summary>Time passes when the play says so.</summary>
    private sealed class StageTime : TimeProvider
    {
        private TimeSpan _passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _passed.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _passed;

        public void Pass(TimeSpan span) => _passed += span;
    }
}
