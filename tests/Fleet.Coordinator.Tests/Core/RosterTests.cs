using System.Collections.Immutable;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Core;

/// <summary>Whom the leader asks about, of three nodes that watch each other; lease and margin are 450 ms. All said hello at 0 ms.</summary>
public sealed class RosterTests
{
    private static readonly FleetState State = Watched(Build.Map(Build.Nodes(3)));
    private readonly Roster _roster = new(Build.At(0));

    public RosterTests()
    {
        for (var i = 1; i <= 3; i++)
            Join(i, 0);
    }

    [Fact]
    public void Node_that_is_not_heard_for_lease_and_margin_is_asked_of_at_those_that_watch_it()
    {
        Asked(0).ShouldBeEmpty();
        Hear(400, 1, 2);
        Asked(449).ShouldBeEmpty();
        Asked(450).ShouldBe(["1: adc-3", "2: adc-3"]);
    }

    [Fact]
    public void Loss_is_found_after_all_were_suspect_in_one_step()
    {
        Asked(0).ShouldBeEmpty();
        Asked(2000).Length.ShouldBe(3, "the leader was stopped, and asks of all at all");
        Hear(2010, 1, 2, 3);
        Asked(2010).ShouldBeEmpty();
        Hear(2400, 1, 2);
        Asked(2470).ShouldBe(["1: adc-3", "2: adc-3"]);
    }

    [Fact]
    public void Node_that_has_just_joined_is_looked_at_though_all_others_are_calm()
    {
        Hear(400, 1, 2, 3);
        Asked(400).ShouldBeEmpty();
        var more = Watched(State.Map with { Nodes = State.Map.Nodes.Add(new NodeName("adc-4"), Build.Node("adc-4")) });
        Asked(460, more).ShouldBe(["1: adc-4", "2: adc-4", "3: adc-4"], "it is in the map and was never heard");
    }

    [Fact]
    public void Shorter_lease_finds_a_loss_sooner()
    {
        Hear(400, 1, 2, 3);
        Asked(400).ShouldBeEmpty();
        Hear(600, 1, 2);
        var quick = State with { Map = State.Map with { Policy = State.Map.Policy with { Lease = new LeaseTerms(50, 200, 25) } } };
        Asked(630, quick).ShouldBe(["1: adc-3", "2: adc-3"]);
    }

    [Fact]
    public void Questions_come_again_after_five_milliseconds_and_a_sixteenth_of_the_time_that_it_takes()
    {
        Hear(400, 1, 2);
        Asked(450).ShouldNotBeEmpty();
        Asked(454).ShouldBeEmpty();
        Asked(455).ShouldNotBeEmpty();
    }

    [Fact]
    public void Answer_to_a_question_that_is_not_the_newest_counts()
    {
        Hear(400, 1, 2);
        var first = Question(450);
        Question(460).ShouldNotBe(first);
        _roster.TakeWitnessReply(new NodeName("adc-1"), Silent(first), State, Build.At(465)).ShouldBeFalse("of two witnesses both must deny");
        Question(466).ShouldNotBe(first);
        _roster.TakeWitnessReply(new NodeName("adc-2"), Silent(first), State, Build.At(470)).ShouldBeTrue();
    }

    private static NodeMessage.WitnessReply Silent(long question) => new(question, [new NodeSilence(new NodeName("adc-3"), 10_000_000)]);

    private static FleetState Watched(FleetMap map) => TestState.StateOf(map) with
    {
        WitnessSets = map.Nodes.Keys.ToImmutableSortedDictionary(
            n => n, n => ImmutableArray.Create(new WitnessSet(1, [.. map.Nodes.Keys.Where(other => other != n)]))),
    };

    private void Join(int node, double at) =>
        _roster.Join(
            new NodeName($"adc-{node}"),
            node,
            Build.By,
            new NodeMessage.Hello(Wire.Schema, Build.Facts($"adc-{node}"), Build.First, MapVersion.None),
            Build.At(at));

    private void Hear(double at, params int[] nodes)
    {
        var beat = new NodeMessage.Heartbeat(
            1, new MapVersion(1, 1), [], ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty);
        foreach (var node in nodes)
            _roster.Beat(new NodeName($"adc-{node}"), beat, State.Map, Build.At(at));
    }

    private long Question(double at) => _roster.QueryWitnesses(State, Build.At(at)).First().Question.Id;

    /// <summary>By connection: of whom it is asked.</summary>
    private string[] Asked(double at, FleetState? state = null) =>
        [.. _roster.QueryWitnesses(state ?? State, Build.At(at)).Select(q => $"{q.Connection}: {string.Join(' ', q.Question.Nodes)}").Order()];
}
