using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Core;

/// <summary>
/// A leader whose journal takes everything at once, and nodes of which a test says when each speaks and what it knows. Node adc-1 is connection 1.
/// </summary>
internal sealed class LeaderStage
{
    private long _seq;

    /// <summary>The nodes of the map watch each other, and have said hello at that moment.</summary>
    public LeaderStage(FleetMap map, double at)
    {
        var sets = map.Nodes.Keys.ToImmutableSortedDictionary(
            n => n, n => ImmutableArray.Create(new WitnessSet(map.Version.Revision, [.. map.Nodes.Keys.Where(other => other != n)])));
        var watched = map.Nodes.ToImmutableSortedDictionary(n => n.Key, n => n.Value with { Witnesses = sets[n.Key][0].Witnesses });
        Leader = new Leader(map.Version.Term, TestState.StateOf(map with { Nodes = watched }) with { WitnessSets = sets }, Build.At(at));
        foreach (var node in map.Nodes.Values)
            Step(new LeaderInput.Said(Connection(node.Name), Build.By, new NodeMessage.Hello(Wire.Schema, node.Facts, Build.First, map.Version)), at);
    }

    public Leader Leader { get; }

    public FleetMap Map => Leader.State.Map;

    /// <summary>What has been written, by event.</summary>
    public List<FleetEvent> Events { get; } = [];

    public static long Connection(NodeName node) => long.Parse(node.Value.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A heartbeat; returns whether it was acknowledged.</summary>
    public bool Beat(string node, double at, long applied, long? known = null)
    {
        var beat = new NodeMessage.Heartbeat(
            ++_seq,
            new MapVersion(Leader.Term, applied),
            [],
            ImmutableSortedDictionary<VipAddress, int>.Empty,
            ImmutableSortedDictionary<BackendKey, Verdict>.Empty)
        {
            Known = new MapVersion(Leader.Term, known ?? applied),
        };
        return Step(new LeaderInput.Said(Connection(new NodeName(node)), Build.By, beat), at)
            .OfType<LeaderWork.Send>()
            .Any(s => s.Message is LeaderMessage.Ack);
    }

    /// <summary>Time passes; returns the questions that are asked.</summary>
    public LeaderMessage.WitnessQuery[] Tick(double at) =>
        [.. Step(new LeaderInput.Tick(), at).OfType<LeaderWork.Send>().Select(s => s.Message).OfType<LeaderMessage.WitnessQuery>()];

    /// <summary>A witness says for how long it has not vouched for the other.</summary>
    public void TakeWitnessReply(string witness, long question, string of, double silentMs, double at) =>
        Step(
            new LeaderInput.Said(
                Connection(new NodeName(witness)),
                Build.By,
                new NodeMessage.WitnessReply(question, [new NodeSilence(new NodeName(of), (long)(silentMs * 1000))])),
            at);

    public IReadOnlyList<LeaderWork> Step(LeaderInput input, double at)
    {
        var step = Leader.Step(input, Build.At(at), DateTimeOffset.UnixEpoch);
        if (step.Entry is not { } entry)
            return step.Works;
        Events.AddRange(entry.Events);
        return [.. step.Works, .. Leader.Commit(entry, Build.At(at))];
    }
}
