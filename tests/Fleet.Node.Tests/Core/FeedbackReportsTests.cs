using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

/// <summary>What a node hears from feedback agents, on its way to the leader and into its own data plane.</summary>
public sealed class FeedbackReportsTests
{
    private static readonly BackendKey One = BackendKey.Parse("web/b1");
    private static readonly BackendKey Two = BackendKey.Parse("web/b2");

    private readonly Reactor _reactor = new(Build.Facts("adc-1"), Build.First, RelayPlane.Can, [], FleetMap.Empty, Build.At(0));

    [Fact]
    public void Only_changes_are_told_and_all_of_it_on_a_new_connection()
    {
        Open(1);
        _reactor.Step(new NodeInput.Weighed(One, 80), Build.At(5)).OfType<NodeEffect.SendToLeader>().ShouldBeEmpty("it waits for the next heartbeat");
        _reactor.Step(new NodeInput.Weighed(Two, 50), Build.At(6));
        Beat(120).ShouldBe(Said((One, 80), (Two, 50)));
        Beat(220).ShouldBeNull();
        _reactor.Step(new NodeInput.Weighed(One, 80), Build.At(230));
        _reactor.Step(new NodeInput.Weighed(Two, null), Build.At(240));
        Beat(320).ShouldBe(Said((Two, -1)));
        _reactor.Step(new NodeInput.LinkClosed(), Build.At(330));
        Open(340).ShouldBe(Said((One, 80)));
        Beat(450).ShouldBeNull();
    }

    [Theory]
    [InlineData(100, 100, new[] { 100, 100 })]
    [InlineData(50, 100, new[] { 50, 100 })]
    [InlineData(1, 100, new[] { 1, 100 })]
    [InlineData(0, 100, new[] { 100 })]
    [InlineData(0, 0, new[] { 100, 100 })]
    public void Data_plane_shares_by_what_feedback_leaves(int one, int two, int[] weights)
    {
        var map = Build.Map(Build.Nodes(1), [Build.Serving(1, "adc-1")]) with
        {
            Feedback = ImmutableSortedDictionary<BackendKey, int>.Empty.Add(One, one).Add(Two, two),
        };
        PlanMaker.Weights(map.Services.Values, map.Feedback, _ => Verdict.Up).Values.ShouldBe(weights);
    }

    [Fact]
    public void New_feedback_in_the_map_reaches_the_data_plane_and_reloads_nothing()
    {
        Open(1);
        var map = Build.Map(Build.Nodes(1), [Build.Serving(1, "adc-1")])
            with
        { Verdicts = ImmutableSortedDictionary<BackendKey, Verdict>.Empty.Add(One, Verdict.Up).Add(Two, Verdict.Up) };
        var first = Step(new LeaderMessage.Full(map)).OfType<NodeEffect.ApplyServices>().Single().Backends;
        first.Weights.Values.ShouldBe([100, 100]);
        _reactor.Step(new NodeInput.Applied(first.Generation, first.Generation), Build.At(3));
        var next = map with { Version = new MapVersion(1, 2), Parent = map.Version, Feedback = map.Feedback.Add(Two, 40) };
        var effects = Step(new LeaderMessage.Change(MapDelta.Between(map, next)));
        effects.OfType<NodeEffect.ApplyBackends>().Single().Backends.Weights.Values.ShouldBe([100, 40]);
        effects.OfType<NodeEffect.ApplyServices>().ShouldBeEmpty();
    }

    /// <summary>What the first heartbeat on a new connection tells.</summary>
    private string? Open(double at)
    {
        _reactor.Step(new NodeInput.LinkOpened(), Build.At(at));
        return Told(_reactor.Step(new NodeInput.FromLeader(new LeaderMessage.Welcome(1, LeaseTerms.Default)), Build.At(at + 1)));
    }

    private IReadOnlyList<NodeEffect> Step(LeaderMessage message) => _reactor.Step(new NodeInput.FromLeader(message), Build.At(3));

    private string? Beat(double at) => Told(_reactor.Step(new NodeInput.Tick(), Build.At(at)));

    private static string? Told(IEnumerable<NodeEffect> effects) =>
        Text(effects.OfType<NodeEffect.SendToLeader>().Select(s => s.Message).OfType<NodeMessage.Heartbeat>().Single().Feedback);

    private static string? Said(params (BackendKey Key, int Percent)[] words) => Text(words.ToImmutableSortedDictionary(w => w.Key, w => w.Percent));

    private static string? Text(ImmutableSortedDictionary<BackendKey, int>? words) =>
        words is null ? null : string.Join(' ', words.Select(w => $"{w.Key} {w.Value}"));
}
