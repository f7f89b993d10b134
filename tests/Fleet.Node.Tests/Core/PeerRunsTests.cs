using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

public sealed class PeerRunsTests
{
    private static readonly NodeName Two = new("adc-2");
    private static readonly FleetMap Map = Build.Map(Build.Nodes(2));

    private readonly PeerRuns _runs = new(Build.Facts("adc-1"), Build.First);

    [Theory]
    [InlineData(WitnessKind.Probe)]
    [InlineData(WitnessKind.Vouch)]
    [InlineData(WitnessKind.Revive)]
    [InlineData(WitnessKind.Introduce)]
    public void Earlier_run_of_a_peer_counts_for_nothing_once_a_later_one_has_been_heard(WitnessKind kind)
    {
        Hears(kind, 1).ShouldBeTrue("no later run is known yet");
        Hears(WitnessKind.Introduce, 0, Build.Second).ShouldBeTrue();
        Hears(kind, 2).ShouldBeFalse();
        Hears(kind, 2, Build.Second).ShouldBeTrue();
    }

    [Theory]
    [InlineData(WitnessKind.Probe)]
    [InlineData(WitnessKind.Vouch)]
    [InlineData(WitnessKind.Revive)]
    [InlineData(WitnessKind.Introduce)]
    public void What_was_meant_for_another_run_of_this_node_counts_for_nothing(WitnessKind kind)
    {
        var late = Peers.Says("adc-2", kind, 1);
        _runs.TryHear(late with { ToRun = Build.Second }, Map, Build.At(1)).ShouldBeFalse();
        _runs.TryHear(late with { ToRun = Incarnation.None }, Map, Build.At(1)).ShouldBeFalse();
        _runs.TryHear(late, Map, Build.At(1)).ShouldBeTrue();
    }

    [Fact]
    public void What_comes_from_another_fleet_counts_for_nothing_and_is_not_answered()
    {
        var foreign = Map with { Policy = Map.Policy with { Cluster = "another" } };
        var probe = Peers.Says("adc-2", WitnessKind.Probe, 1, map: foreign);
        _runs.TryHear(probe, Map, Build.At(1)).ShouldBeFalse();
        _runs.IsForAnother(probe with { ToRun = Incarnation.None }, Map).ShouldBeFalse();
        _runs.TryHear(probe, foreign, Build.At(1)).ShouldBeTrue();
    }

    [Fact]
    public void Host_that_does_not_have_the_name_and_a_node_that_is_not_in_the_map_count_for_nothing()
    {
        _runs.TryHear(Peers.Says("adc-2", WitnessKind.Probe, 1, host: "here"), Map, Build.At(1)).ShouldBeFalse();
        _runs.TryHear(Peers.Says("adc-2", WitnessKind.Probe, 1, host: "here"), HeldBy("here"), Build.At(1)).ShouldBeTrue();
        _runs.TryHear(Peers.Says("adc-2", WitnessKind.Probe, 2, host: "there"), HeldBy("here"), Build.At(1)).ShouldBeFalse();
        _runs.TryHear(Peers.Says("adc-9", WitnessKind.Probe, 1), Map, Build.At(1)).ShouldBeFalse();
        _runs.IsForAnother(Peers.Says("adc-9", WitnessKind.Probe, 1) with { ToRun = Incarnation.None }, Map).ShouldBeFalse();
    }

    [Fact]
    public void Question_that_comes_again_or_was_overtaken_keeps_nobody_alive()
    {
        Hears(WitnessKind.Probe, 5).ShouldBeTrue();
        Hears(WitnessKind.Probe, 5).ShouldBeFalse("it comes again");
        Hears(WitnessKind.Revive, 4).ShouldBeFalse("it was overtaken");
        Hears(WitnessKind.Vouch, 1).ShouldBeTrue("an answer has the number of this node's own question");
        Hears(WitnessKind.Probe, 5).ShouldBeFalse("an answer in between changes nothing");
        Hears(WitnessKind.Probe, 6).ShouldBeTrue();
    }

    [Fact]
    public void Later_run_counts_its_questions_from_the_beginning()
    {
        Hears(WitnessKind.Probe, 500).ShouldBeTrue();
        Hears(WitnessKind.Probe, 1, Build.Second).ShouldBeTrue();
    }

    [Fact]
    public void Host_that_has_lost_its_folder_and_the_time_is_heard_again_when_its_earlier_run_has_been_silent_for_long()
    {
        Hears(WitnessKind.Probe, 9, Build.Second).ShouldBeTrue();
        Hears(WitnessKind.Probe, 1, at: PeerRuns.Remembered.TotalMilliseconds - 1).ShouldBeFalse();
        Hears(WitnessKind.Probe, 1, at: PeerRuns.Remembered.TotalMilliseconds + 1).ShouldBeTrue();
    }

    [Fact]
    public void Peer_is_addressed_by_the_run_that_was_heard_of_last()
    {
        _runs.Address(Two, Map, WitnessKind.Probe, 1).ToRun.ShouldBe(Incarnation.None);
        Hears(WitnessKind.Introduce, 1, Build.Second);
        _runs.Address(Two, Map, WitnessKind.Probe, 2).ToRun.ShouldBe(Build.Second);
        _runs.Address(Two, Map, WitnessKind.Probe, 2).Run.ShouldBe(Build.First);
    }

    [Fact]
    public void Only_who_asks_is_told_which_run_there_is()
    {
        foreach (var kind in Enum.GetValues<WitnessKind>())
            _runs.IsForAnother(Peers.Says("adc-2", kind, 1) with { ToRun = Build.Second }, Map)
                .ShouldBe(kind is WitnessKind.Probe or WitnessKind.Revive, $"{kind}");
        _runs.IsForAnother(Peers.Says("adc-2", WitnessKind.Probe, 1), Map).ShouldBeFalse("it is for this run");
    }

    private static FleetMap HeldBy(string host) =>
        Map with { Nodes = Map.Nodes.SetItem(Two, Map.Nodes[Two] with { Facts = Build.Facts("adc-2") with { Host = host } }) };

    private bool Hears(WitnessKind kind, long number, Incarnation? run = null, double at = 1) =>
        _runs.TryHear(Peers.Says("adc-2", kind, number, run), Map, Build.At(at));
}
