using System.Collections.Immutable;
using Fleet.Coordinator.Backends;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Backends;

/// <summary>From what probers hear to what the map says.</summary>
public sealed class FeedbackReporterTests
{
    private static readonly BackendKey One = BackendKey.Parse("web/b1");
    private static readonly DateTimeOffset Wall = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(new int[0], null)]
    [InlineData(new[] { 40 }, 40)]
    [InlineData(new[] { 40, 61 }, 51)]
    [InlineData(new[] { 90, 10, 40 }, 40)]
    [InlineData(new[] { 0, 0, 100 }, 0)]
    [InlineData(new[] { 0, 100, 100 }, 100)]
    public void Median_of_the_probers_counts(int[] words, int? median) => FeedbackReporter.Median([.. words]).ShouldBe(median);

    [Theory]
    [InlineData(100, 96, false)]
    [InlineData(100, 95, true)]
    [InlineData(60, 64, false)]
    [InlineData(60, 65, true)]
    [InlineData(3, 0, true)]
    [InlineData(0, 3, true)]
    [InlineData(0, 0, false)]
    public void Noise_makes_no_new_map(int told, int heard, bool tells) =>
        FeedbackReporter.Tell(State(told), Heard(State(told), heard), Build.At(10_000)).Any().ShouldBe(tells);

    [Fact]
    public void It_is_told_at_most_twice_a_second()
    {
        var observed = Heard(State(100), 50);
        observed = observed with { Feedback = observed.Feedback.Told(Build.At(9_501)).Hear(new NodeName("adc-1"), [KeyValuePair.Create(One, 50)]) };
        FeedbackReporter.Tell(State(100), observed, Build.At(10_000)).ShouldBeEmpty();
        FeedbackReporter.Tell(State(100), observed, Build.At(10_001)).ShouldNotBeEmpty();
    }

    [Fact]
    public void Prober_that_is_not_heard_has_no_say()
    {
        var observed = Heard(State(100), 50).SilentSince("adc-1", Build.At(1));
        FeedbackReporter.Tell(State(100), observed, Build.At(10_000)).ShouldBeEmpty();
    }

    [Fact]
    public void Words_of_a_node_that_begins_anew_are_forgotten()
    {
        var sight = FeedbackObservations.None
            .Hear(new NodeName("adc-1"), [KeyValuePair.Create(One, 50)])
            .Hear(new NodeName("adc-2"), [KeyValuePair.Create(One, 70)])
            .Weighed();
        sight.Without(new NodeName("adc-1")).ShouldSatisfyAllConditions(s => s.ReportedFor(One).Values.ShouldBe([70]), s => s.News.ShouldBe([One]));
        sight.Hear(new NodeName("adc-2"), [KeyValuePair.Create(One, -1)]).ReportedFor(One).Values.ShouldBe([50]);
    }

    [Fact]
    public void Agents_of_services_that_have_none_and_of_strangers_are_not_told()
    {
        var state = State(100);
        var strange = Heard(state, 50, BackendKey.Parse("web/b9"));
        FeedbackReporter.Tell(state, strange, Build.At(10_000)).ShouldBeEmpty();
        var off = state with { Map = state.Map with { Services = Build.Map([], [Build.Serving(1, "adc-1")]).Services } };
        FeedbackReporter.Tell(off, Heard(off, 50), Build.At(10_000)).ShouldBeEmpty();
    }

    [Fact]
    public void Feedback_goes_with_its_backend_and_with_its_agent()
    {
        var state = State(40);
        var service = state.Map.Services[new("web")];
        After(state, new FleetEvent.ServiceApplied(service)).ShouldContainKey(One);
        After(state, new FleetEvent.ServiceApplied(service with { Pool = service.Pool with { Feedback = null } })).ShouldBeEmpty();
        After(
            state,
            new FleetEvent.ServiceApplied(
                service with { Pool = service.Pool with { Backends = service.Pool.Backends.RemoveAt(0) } })).ShouldBeEmpty();
        After(state, new FleetEvent.ServiceRemoved(service.Name)).ShouldBeEmpty();
        After(
            state,
            new FleetEvent.FeedbackSet(ImmutableSortedDictionary<BackendKey, int>.Empty.Add(One, 100))).ShouldBeEmpty("all of it need not be said");
    }

    [Fact]
    public void Heartbeat_that_tells_of_an_agent_is_in_the_map_with_the_next_settlement()
    {
        var leader = new Leader(1, State(100), Build.At(0));
        Step(leader, new LeaderInput.Said(1, Build.By, new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.First, MapVersion.None)), 1);
        Step(leader, Beat(1, 50), 100);
        Step(leader, new LeaderInput.Tick(), 160);
        leader.State.Map.Feedback[One].ShouldBe(50);
        var revision = leader.State.Map.Version.Revision;
        Step(leader, Beat(2, 53), 700);
        Step(leader, new LeaderInput.Tick(), 760);
        leader.State.Map.Version.Revision.ShouldBe(revision, "noise makes no new map");
        leader.Observed.Feedback.News.ShouldBeEmpty("and is looked at once");
    }

    private static LeaderInput.Said Beat(long seq, int percent) => new(
        1,
        Build.By,
        new NodeMessage.Heartbeat(
            seq,
            new MapVersion(1, 1),
            [],
            ImmutableSortedDictionary<VipAddress, int>.Empty,
            ImmutableSortedDictionary<BackendKey, Verdict>.Empty,
            null,
            ImmutableSortedDictionary<BackendKey, int>.Empty.Add(One, percent)));

    private static void Step(Leader leader, LeaderInput input, double at)
    {
        if (leader.Step(input, Build.At(at), Wall).Entry is { } entry)
            leader.Commit(entry, Build.At(at));
    }

    private static ImmutableSortedDictionary<BackendKey, int> After(FleetState state, FleetEvent happened) =>
        Evolver.Evolve(state, happened, 2).Map.Feedback;

    private static FleetState State(int told)
    {
        var map = Build.Map([Build.Node("adc-1")], [Build.Serving(1, "adc-1")]);
        var service = map.Services[new("web")];
        map = map
            with
        {
            Services = map.Services.SetItem(
                    service.Name, service with { Pool = service.Pool with { Feedback = new FeedbackSpec(9777, 1000, 500) } }),
        };
        return TestState.StateOf(map with { Feedback = told == 100 ? map.Feedback : map.Feedback.Add(One, told) });
    }

    private static Observed Heard(FleetState state, int percent, BackendKey? backend = null)
    {
        var observed = TestState.AllHeard(state, Build.At(10_000));
        return observed with { Feedback = observed.Feedback.Hear(new NodeName("adc-1"), [KeyValuePair.Create(backend ?? One, percent)]) };
    }
}
