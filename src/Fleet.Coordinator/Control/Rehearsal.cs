using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Fleet.Coordinator.Planning;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Control;

/// <summary>
/// Plays the loss of a node in a fleet that does not exist, in memory and in no time, before the coordinator leads: the code of a failover is compiled by then. The
/// first real loss would otherwise wait for the compiler, 40 ms and more of it, and a fleet may see just one.
/// </summary>
public static class Rehearsal
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns what became of the lost node's VIPs, for a test to see that the play is the real thing.</summary>
    public static FleetMap Play()
    {
        var stage = new Stage();
        ImmutableArray<string> nodes = ["a", "b", "c", "d"];
        for (var i = 0; i < nodes.Length; i++)
            stage.Say(i + 1, new Up.Hello(Wire.Schema, Facts(nodes[i]), nodes[i], MapVersion.None));
        stage.Ask(new Command.ApplyService(Service()));
        for (var beat = 0; beat < 40; beat++)
            stage.Live(beat, lost: beat > 20 ? 4 : null);
        return stage.Leader.State.Map;
    }

    private static NodeFacts Facts(string name) => new(
        NodeName.Of(name), SiteName.Of("site"), DomainName.Of(name), 1_000_000_000, Nowhere, Nowhere, Nowhere);

    private static IPEndPoint Nowhere => new(IPAddress.Loopback, 1);

    private static Service Service() => new()
    {
        Name = ServiceName.Of("rehearsal"),
        Listeners = [new Listener(80, ListenerProtocol.Http)],
        Vips = [.. Enumerable.Range(1, 8).Select(i => VipAddress.Of($"127.0.0.{i}"))],
        Pool = new Pool([new Backend("backend", Nowhere)], CheckSpec.Default, BalancePolicy.RoundRobin, AllDown.FailClosed, false),
    };

    /// <summary>A leader whose journal is nowhere and whose nodes do at once what they are told.</summary>
    private sealed class Stage
    {
        private readonly Queue<LeaderInput> inputs = [];
        private Instant now = new(0);
        private long seq;

        public Leader Leader { get; } = new(1, FleetState.Empty, new Instant(0));

        public void Say(long connection, Up message)
        {
            if (Wire.TryDecodeUp(Wire.Encode(message), out var heard))
                Step(new LeaderInput.Said(connection, heard));
        }

        public void Ask(Command command) => Step(new LeaderInput.Asked(1, command, "rehearsal", null));

        /// <summary>One heartbeat of every node but the lost, and the ticks until the next.</summary>
        public void Live(int beat, int? lost)
        {
            for (var connection = 1; connection <= 4; connection++)
            {
                if (connection == lost)
                    continue;
                Say(connection, new Up.Heartbeat(
                    ++seq, Leader.State.Map.Version, [], ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty, null));
            }

            for (var tick = 0; tick < Beat / Rehearsal.Step; tick++)
            {
                now += Rehearsal.Step;
                Step(new LeaderInput.Tick());
            }
        }

        private void Step(LeaderInput first)
        {
            inputs.Enqueue(first);
            while (inputs.TryDequeue(out var input))
            {
                var step = Leader.Step(input, now, DateTimeOffset.UnixEpoch);
                Do(step.Works);
                if (step.Entry is not { } entry)
                    continue;
                JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry);
                Do(Leader.Commit(entry, now));
            }
        }

        private void Do(IReadOnlyList<LeaderWork> works)
        {
            foreach (var plan in works.OfType<LeaderWork.Plan>())
                inputs.Enqueue(new LeaderInput.Planned(PreparedPlan.Make(plan.Order), TimeSpan.Zero));
            foreach (var judge in works.OfType<LeaderWork.Judge>())
                inputs.Enqueue(new LeaderInput.Judged(judge.Ticket, Judgement.Of(judge.Before, judge.After)));
            foreach (var send in works.OfType<LeaderWork.Send>())
            {
                Wire.Encode(send.Message);
                if (send.Message is Down.Inquiry inquiry)
                    inputs.Enqueue(new LeaderInput.Said(send.Connection, new Up.Testimony(inquiry.Id, [.. inquiry.Nodes.Select(n => new NodeSilence(n, 10_000_000))])));
            }
        }
    }
}
