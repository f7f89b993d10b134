using Fleet.Coordinator.Journal;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Core;

/// <summary>Five nodes, of which adc-4 and adc-5 are last heard at 1,000 ms and 1,080 ms.</summary>
public sealed class LeaderLossTests
{
    private static readonly FleetMap Map = Build.Map(Build.Nodes(5), [Build.Serving(1, "adc-4", standbys: "adc-1")])
        with
    { Version = new MapVersion(1, 5) };

    private readonly LeaderStage _stage = new(Map, 900);

    [Fact]
    public void Loss_that_waited_for_a_companion_is_written_with_the_first_tick_on_which_it_waits_no_longer()
    {
        _stage.Beat("adc-4", 1000, 5);
        _stage.Beat("adc-5", 1080, 5);
        foreach (var at in new[] { 1100, 1200, 1300, 1400 })
            Live(at);
        var question = _stage.Tick(1451)[0].Id;
        foreach (var witness in new[] { "adc-1", "adc-2", "adc-3" })
            _stage.TakeWitnessReply(witness, question, "adc-4", 10_000, 1452);
        _stage.Events.OfType<FleetEvent.NodeLost>().ShouldBeEmpty("adc-5 seems to be failing too");
        // Everything is settled at 1,540 ms, and would be again 50 ms later.
        foreach (var at in new[] { 1453, 1540, 1551 })
            _stage.Tick(at);
        _stage.Events.OfType<FleetEvent.NodeLost>().ShouldBeEmpty();
        _stage.Tick(1552);
        _stage.Events.OfType<FleetEvent.NodeLost>().ShouldHaveSingleItem().Node.ShouldBe(new NodeName("adc-4"));
        _stage.Map.Vips[Build.Vip(1)].Owner.ShouldBe(new NodeName("adc-1"));
    }

    private void Live(double at)
    {
        foreach (var node in new[] { "adc-1", "adc-2", "adc-3" })
            _stage.Beat(node, at, _stage.Map.Version.Revision);
    }
}
