using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.Plans;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Api;

/// <summary>Tells why a VIP is where it is, from the map and the newest part of the journal.</summary>
internal static class VipStory
{
    private const int HistoryMax = 20;

    public static VipExplanation Explain(Leader leader, VipEntry vip, IEnumerable<JournalEntry> journal)
    {
        var history = journal.Where(e => e.Events.Any(x => Touches(x, vip.Address))).Reverse().Take(HistoryMax).ToArray();
        return new VipExplanation(
            vip,
            [.. Sentences(leader, vip, Before(history, vip))],
            [.. history.SelectMany(e => e.Events.Where(x => Touches(x, vip.Address)).Select(x => View(e, x, vip.Address)))]);
    }

    private static IEnumerable<string> Sentences(Leader leader, VipEntry vip, NodeName? before)
    {
        var map = leader.State.Map;
        yield return vip.Phase switch
        {
            VipPhase.Unplaced =>
                $"No node holds it: no node{(map.SiteOf(vip) is { } site ? $" of site {site}" : "")} that is up and takes VIPs may have it.",
            VipPhase.Arriving when vip.Owner is { } unable && UnheldVips.IsUnheld(leader.Observed.Node(unable), vip) =>
                $"It is given to {unable}, which says that it cannot hold it: it goes to another node within seconds, if one may have it and does "
                + $"not fail too.",
            VipPhase.Arriving => $"It is given to {vip.Owner} and not yet served there.",
            VipPhase.Serving => $"It is served by {vip.Owner} since revision {vip.Since}.",
            VipPhase.Draining => $"It is served by {vip.Owner}, out of the DNS answers, and goes to {vip.Successor} once its connections have ended.",
            _ => $"{vip.Owner} is letting go of it; {vip.Successor} gets it next.",
        };
        if (vip.Phase != VipPhase.Unplaced && map.SiteOf(vip) is { } home)
            yield return $"It belongs to site {home} and may lie nowhere else.";
        if (vip.Owner is { } owner)
        {
            var mine = leader.State.Vips.OwnedBy(owner);
            yield return $"It came there because {Words.Describe(vip.Reason, before?.Value ?? "the node before")}.";
            yield return $"{owner} has {mine.Count} of the fleet's {map.Vips.Count} VIPs, {mine.Count(v => map.Vips[v].Service == vip.Service)} of "
                + $"service {vip.Service}.";
            if (Binds(leader, vip, owner) is { } bound)
                yield return bound;
            if (map.Nodes.TryGetValue(owner, out var node))
                yield return $"{owner} is witnessed by {string.Join(", ", node.Witnesses)}: they renew its lease when no coordinator is there.";
        }

        yield return vip.Standbys.IsEmpty
            ? "It has no standby: no other node could take it."
            : $"Should its owner be lost, it goes to {string.Join(", then ", vip.Standbys)} at once.";
    }

    /// <summary>What the newest plan says of the VIP: where it is to go, or in which failure its owner is tightest.</summary>
    private static string? Binds(Leader leader, VipEntry vip, NodeName owner)
    {
        if (leader.Observed.Plan?.Moves.FirstOrDefault(m => m.Vip == vip.Address && m.From == owner) is { } move)
            return $"It is to move to {move.To}, because {Words.Describe(move.Reason, owner.Value)}.";
        return leader.Planning.Last is { Planned.Verdict: { Worst: { } worst } verdict } && worst.Node == owner
            ? $"{owner} is what binds the fleet: {ProtectionWords.Nearest(verdict)}."
            : null;
    }

    private static NodeName? Before(JournalEntry[] newestFirst, VipEntry vip) => newestFirst
        .SelectMany(e => e.Events.OfType<FleetEvent.VipsMoved>())
        .SelectMany(e => e.Moves)
        .Where(m => m.Vip == vip.Address && m.To != vip.Owner)
        .Select(m => (NodeName?)m.To)
        .FirstOrDefault();

    private static EventView View(JournalEntry entry, FleetEvent happened, VipAddress vip)
    {
        var text = happened switch
        {
            FleetEvent.VipsMoved e => Move("Given to", e.Moves.First(m => m.Vip == vip)),
            FleetEvent.HandoversBegun e => Move("To move to", e.Moves.First(m => m.Vip == vip)),
            FleetEvent.VipsServing => "Served.",
            FleetEvent.VipsNotServed => "Not served: its owner cannot hold it.",
            FleetEvent.VipsReleasing => "Let go of by its owner.",
            FleetEvent.HandoversCalledOff => "Stays after all.",
            _ => EventWords.Text(happened),
        };
        return new EventView(entry.Version, entry.At, entry.By, EventWords.Kind(happened), text);
    }

    private static string Move(string verb, VipMove move) => $"{verb} {move.To}: {Words.Describe(move.Reason, "its owner")}.";

    private static bool Touches(FleetEvent happened, VipAddress vip) => happened switch
    {
        FleetEvent.VipsMoved e => e.Moves.Any(m => m.Vip == vip),
        FleetEvent.HandoversBegun e => e.Moves.Any(m => m.Vip == vip),
        FleetEvent.VipsServing e => e.Vips.Contains(vip),
        FleetEvent.VipsNotServed e => e.Vips.Contains(vip),
        FleetEvent.VipsReleasing e => e.Vips.Contains(vip),
        FleetEvent.HandoversCalledOff e => e.Vips.Contains(vip),
        FleetEvent.VipsUnplaced e => e.Vips.Contains(vip),
        _ => false,
    };
}
