using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Core;

/// <summary>Three nodes, heard by a leader that says itself when it is to take its next step. Lease and margin are 450 ms.</summary>
public sealed class LeaderPaceTests
{
    private static readonly FleetMap Map = Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1", standbys: "adc-2")])
        with
    { Version = new MapVersion(1, 5) };

    private readonly LeaderStage _stage = new(Map, 1000);
    private double _now = 1000;

    [Fact]
    public void At_rest_it_takes_a_step_every_fifty_milliseconds()
    {
        Rest();
        var steps = 0;
        while (_now < 3000)
        {
            Live();
            steps += Tick();
        }

        steps.ShouldBeInRange(20, 60);
    }

    [Fact]
    public void Node_that_falls_silent_is_asked_about_at_the_very_moment()
    {
        Rest();
        var last = _now;
        Beat("adc-3");
        LeaderMessage.WitnessQuery[] asked = [];
        while (asked.Length == 0 && _now < last + 1000)
        {
            Live("adc-1", "adc-2");
            _now = Due();
            asked = _stage.Tick(_now);
        }

        asked.ShouldNotBeEmpty();
        _now.ShouldBe(last + 450, 0.001);
    }

    [Fact]
    public void While_witnesses_are_asked_it_takes_a_step_every_five_milliseconds()
    {
        Rest();
        _stage.Tick(_now = 2000).ShouldNotBeEmpty();
        Due().ShouldBe(2005, 0.001);
    }

    [Fact]
    public void News_are_settled_within_five_milliseconds_also_what_an_entry_brings()
    {
        Rest();
        var at = _now;
        var set = new Command.SetPolicy(Map.Policy with { Lease = new LeaseTerms(50, 200, 25) });
        _stage.Step(new LeaderInput.Asked(new RequestOrigin.Caller(1), set, Build.By, null), _now);
        _stage.Events.ShouldNotBeEmpty();
        Due().ShouldBe(at + 5, 0.001);
    }

    [Fact]
    public void While_a_whole_map_waits_for_its_turn_it_takes_a_step_every_five_milliseconds()
    {
        var many = new LeaderStage(Build.Map(Build.Nodes(20), []) with { Version = new MapVersion(1, 5) }, 1000);
        for (var i = 1; i <= 20; i++)
            many.Step(
                new LeaderInput.Said(
                    100 + i,
                    Build.By,
                    new NodeMessage.Hello(Wire.Schema, many.Map.Nodes[new NodeName($"adc-{i}")].Facts, Build.First, MapVersion.None)),
                1001);
        many.Tick(1002);
        many.Tick(1003);
        many.Leader.Due.ShouldBe(Build.At(1008));
    }

    private void Rest()
    {
        Live();
        _stage.Tick(_now);
        _stage.Tick(_now);
    }

    private int Tick()
    {
        _now = Math.Max(_now, Due());
        _stage.Tick(_now);
        return 1;
    }

    private double Due() => (_stage.Leader.Due - Build.At(0)).TotalMilliseconds;

    private void Live(params string[] nodes)
    {
        foreach (var node in nodes.Length > 0 ? nodes : ["adc-1", "adc-2", "adc-3"])
            Beat(node);
    }

    private void Beat(string node) => _stage.Beat(node, _now, _stage.Map.Version.Revision);
}
