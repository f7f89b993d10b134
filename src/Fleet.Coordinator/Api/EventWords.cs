using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Api;
using Fleet.Shared.Gate;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Api;

/// <summary>Turns events into sentences for people.</summary>
internal static class EventWords
{
    private const int Named = 6;

    public static IEnumerable<EventView> Views(JournalEntry entry) =>
        entry.Events.Select(e => new EventView(entry.Version, entry.At, By(entry, e), Kind(e), Text(e)));

    /// <summary>A node joins by its own hello: the leader only writes it down.</summary>
    public static Principal By(JournalEntry entry, FleetEvent happened) => happened is FleetEvent.NodeJoined { By: { } node } ? node : entry.By;

    /// <summary>The discriminator of the event's JSON.</summary>
    public static string Kind(FleetEvent happened) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(happened.GetType().Name);

    public static string Text(FleetEvent happened) => happened switch
    {
        FleetEvent.TermBegun e => $"{e.Coordinator} leads term {e.Term}.",
        FleetEvent.PolicySet e =>
            $"The fleet's policy is set: lease {e.Policy.Lease.DurationMs} ms, protection {e.Policy.Protection.Nodes} node(s), zone "
            + $"{e.Policy.Zone.Name}.",
        FleetEvent.ServiceApplied e => $"Service {e.Service.Name} has {e.Service.Vips.Length} VIPs and {e.Service.Pool.Backends.Length} backends.",
        FleetEvent.ServiceRemoved e => $"Service {e.Service} is gone.",
        FleetEvent.ServiceLeftOut e => $"Service {Mistake.Quote(e.Service.Value)} is left out, since it breaks the rules: {e.Why}.",
        FleetEvent.NodeJoined e =>
            $"Node {e.Facts.Name} is in the fleet: {e.Facts.CapacityBps / 1e9:0.###} Gbit/s, {e.Facts.Site}, {e.Facts.Domain}.",
        FleetEvent.NodeReturned e => $"Node {e.Node} is back.",
        FleetEvent.NodeLost e => $"Node {e.Node} is lost: {e.Cause}.",
        FleetEvent.NodesSuspected e =>
            $"Cannot be counted on and is not proven lost, answered in DNS only where nothing else can be: {List(e.Nodes.Select(n => n.Value))}.",
        FleetEvent.NodesCleared e => $"Can be counted on again: {List(e.Nodes.Select(n => n.Value))}.",
        FleetEvent.SitesHeldDown e =>
            $"Out, and answered in DNS only where nothing else can be until well for the hold-down: {List(e.Sites.Select(s => $"site {s}"))}.",
        FleetEvent.SitesReleased e => $"Answered in DNS again: {List(e.Sites.Select(s => $"site {s}"))}.",
        FleetEvent.OverflowSet e =>
            $"Services that overflow keep of a site's own clients: "
            + $"{List(e.Kept.Select(k => $"{k.Key} {100.0 * k.Value / SiteEntry.KeptAll:0.#} %"))}.",
        FleetEvent.NodeIntended e => $"Node {e.Node} is {Words.Describe(e.Intent)}.",
        FleetEvent.NodeForgotten e => $"Node {e.Node} has left.",
        FleetEvent.WitnessesNamed e => $"Node {e.Node} is witnessed by {List(e.Witnesses.Select(w => w.Value))}.",
        FleetEvent.WitnessesConfirmed e => $"Node {e.Node} goes by the witnesses named up to revision {e.Revision}.",
        FleetEvent.WeightsSet e => $"DNS weights: {List(e.Weights.Select(w => $"{w.Key} {w.Value}"))}.",
        FleetEvent.VipsMoved e =>
            $"{e.Moves.Length} VIP(s) go to {List(e.Moves.GroupBy(m => m.To).OrderBy(g => g.Key).Select(g => $"{g.Key} ({g.Count()})"))}.",
        FleetEvent.VipsServing e => $"{e.Vips.Length} VIP(s) are served: {List(e.Vips.Select(v => v.ToString()))}.",
        FleetEvent.VipsNotServed e =>
            $"{e.Vips.Length} VIP(s) are not served, their owners cannot hold them: {List(e.Vips.Select(v => v.ToString()))}.",
        FleetEvent.HandoversBegun e when e.Moves.All(m => m.Reason == MoveReason.OwnerCannotHold) =>
            $"{e.Moves.Length} VIP(s) are to move, their owners cannot hold them: {List(e.Moves.Select(m => $"{m.Vip} to {m.To}"))}.",
        FleetEvent.HandoversBegun e => $"{e.Moves.Length} VIP(s) are to move by plan: {List(e.Moves.Select(m => $"{m.Vip} to {m.To}"))}.",
        FleetEvent.HandoversCalledOff e => $"{e.Vips.Length} VIP(s) stay where they are: {List(e.Vips.Select(v => v.ToString()))}.",
        FleetEvent.VipsReleasing e => $"{e.Vips.Length} VIP(s) are let go of: {List(e.Vips.Select(v => v.ToString()))}.",
        FleetEvent.VipsUnplaced e => $"{e.Vips.Length} VIP(s) have no node, {e.Cause}: {List(e.Vips.Select(v => v.ToString()))}.",
        FleetEvent.RemovedVipsReleased e =>
            $"{e.Vips.Length} VIP(s) that were taken out of the map are let go of: {List(e.Vips.Select(v => v.ToString()))}.",
        FleetEvent.OldTermsGone e => $"Every node goes by the lease terms of revision {e.Revision}.",
        FleetEvent.StandbysNamed e => $"Standbys are named for {e.Vips.Length} VIP(s).",
        FleetEvent.ProtectionOverridden e => $"Forced, though {e.Breach}",
        FleetEvent.DemandMeasured e =>
            $"{e.Vips.Length} VIP(s) ask for something else than before: {List(e.Vips.Select(v => $"{v.Vip} {v.Bps / 1e6:0.#} Mbit/s"))}.",
        FleetEvent.FeedbackSet e => $"Feedback agents: {List(e.Percent.Select(w => $"{w.Key} {w.Value} %"))}.",
        FleetEvent.VerdictsChanged e =>
            $"Backends: {List(e.Verdicts.Select(v => $"{v.Key} {(v.Value == Verdict.Up ? "up" : v.Value == Verdict.Down ? "down" : "unknown")}"))}.",
        _ => Kind(happened),
    };

    private static string List(IEnumerable<string> words)
    {
        ImmutableArray<string> all = [.. words];
        return all.Length switch
        {
            0 => "nobody",
            <= Named => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(Named))} and {all.Length - Named} more",
        };
    }
}
