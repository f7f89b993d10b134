using System.Collections.Immutable;
using System.Globalization;
using Fleet.Shared.Map;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Net;
using Fleet.Simulation.Plans;

namespace Fleet.Simulation.Recording;

/// <summary>Faults as the verbs of stories. Who gives the story teller a new verb for a fault adds it here.</summary>
public static class StoryVerbs
{
    /// <summary>The lines of a story that do the same; none where stories have no verb for it.</summary>
    public static ImmutableArray<string> ForFault(Fault fault) => fault switch
    {
        KillCoordinator kill => [$"kill {Of(kill.Coordinator)}"],
        StartCoordinator start => [$"start {Of(start.Coordinator)}"],
        PauseCoordinator pause => [$"pause {Of(pause.Coordinator)} {PlainValue.Text(pause.For)}"],
        TerminateCoordinator stop => [$"terminate {Of(stop.Coordinator)}"],
        CutFromStore cut => [$"cut-from-store {Of(cut.Coordinator)} {PlainValue.Write(cut.Way)} {PlainValue.Text(cut.For)}"],
        CutFromNodes cut => [$"cut-from-nodes {Of(cut.Coordinator)} {PlainValue.Write(cut.Way)} {PlainValue.Text(cut.For)}"],
        CutFromCoordinators cut => [$"cut-from-coordinators {Of(cut.Coordinator)} {PlainValue.Write(cut.Way)} {PlainValue.Text(cut.For)}"],
        TakeStoreAway away => [$"store {(away.Refuses ? "refuses" : "away")} {PlainValue.Text(away.For)}"],
        SlowStore slow => [$"store slow {slow.Milliseconds}ms {PlainValue.Text(slow.For)}"],
        MuddleStore muddle => [string.Create(CultureInfo.InvariantCulture, $"store muddled {muddle.Part} {PlainValue.Text(muddle.For)}")],
        LoseSession => ["lose-session"],
        Depose => ["depose"],
        Kill kill => [$"kill {kill.Node}"],
        KillAgent kill => [$"kill-agent {kill.Node}"],
        KillRelay kill => [$"kill-relay {kill.Node}"],
        PauseRelay pause => [$"pause-relay {pause.Node} {PlainValue.Text(pause.For)}"],
        PowerOffCoordinator power => [$"power-off {Of(power.Coordinator)}"],
        PowerOff power => [$"power-off {power.Node}"],
        Start start => [$"start {start.Node}"],
        Pause pause => [$"{(pause.WithRelay ? "pause" : "pause-agent")} {pause.Node} {PlainValue.Text(pause.For)}"],
        CutOff cut => [$"cut {cut.Node} from all"],
        Cut cut => [$"cut {cut.From} {(cut.BothWays ? "from" : "to")} {cut.To}"],
        CutSite cut => [$"cut site {cut.Site}"],
        Heal => ["heal"],
        Join join => [.. Joining(join)],
        Stop stop => [$"stop {stop.Node}"],
        Intend { Intent: not NodeIntent.Cordoned } intend => [$"{(intend.Force ? "force " : "")}{Verb(intend.Intent)} {intend.Node}"],
        Lose lose => [string.Create(CultureInfo.InvariantCulture, $"lose {lose.Part}")],
        StoreDown down => [$"store down {PlainValue.Text(down.For)}"],
        LoseRenewals lose => [$"lose-renewals {PlainValue.Text(lose.For)}"],
        SlowRenewals slow => [$"slow-renewals {slow.Milliseconds}ms {PlainValue.Text(slow.For)}"],
        RefuseRenewals => ["refuse-renewals"],
        FillDisk fill => [$"disk-full coordinator {PlainValue.Text(fill.For)}"],
        FailNodeDisk fail => [$"disk-full {fail.Node} {PlainValue.Text(fail.For)}"],
        FailBinds fail => [$"binds-fail {fail.Node} {PlainValue.Text(fail.For)}"],
        FailPlane fail => [$"plane-{PlainValue.Write(fail.How)} {fail.Node} {PlainValue.Text(fail.For)}"],
        Remove remove => [$"remove {remove.Service}"],
        Apply apply => [$"service {apply.Service.Name} vips {apply.Service.Vips.Length}"],
        _ => [],
    };

    private static string Of(string? coordinator) => coordinator ?? Network.Coordinator;

    private static IEnumerable<string> Joining(Join join)
    {
        var number = int.Parse(join.Node.Split('-')[^1], CultureInfo.InvariantCulture);
        return Enumerable.Range(number, join.Count).Select(n => $"join adc-{n}");
    }

    private static string Verb(NodeIntent intent) => intent switch
    {
        NodeIntent.Draining => "drain",
        NodeIntent.Leaving => "leave",
        _ => "undrain",
    };
}
