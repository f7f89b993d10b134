using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Ownership;

/// <summary>
/// What must be true of every change of ownership, whichever rule wanted it; checked before the change is written. A VIP leaves an owner only when
/// that owner is lost, or has been told to let go of it and works by the map that told it. A VIP that a node may still hold from before it was taken
/// out of the map goes to nobody. Shares nothing with the rules it watches.
/// </summary>
internal static class OwnershipInvariant
{
    /// <exception cref="InvariantBrokenException">This would let two nodes serve one VIP.</exception>
    public static void Check(FleetState before, Observed observed, FleetEvent happened)
    {
        switch (happened)
        {
            case FleetEvent.VipsMoved moved:
                foreach (var move in moved.Moves)
                    Leaves(before, observed, move.Vip, move.To);
                break;
            case FleetEvent.VipsUnplaced unplaced:
                foreach (var vip in unplaced.Vips)
                    Leaves(before, observed, vip, null);
                break;
            case FleetEvent.NodeForgotten forgotten when !before.Vips.OwnedBy(forgotten.Node).IsEmpty:
                throw new InvariantBrokenException($"node {forgotten.Node} would be forgotten while VIPs are its own.");
        }
    }

    /// <exception cref="InvariantBrokenException">The entry does not follow the map.</exception>
    public static void Follows(MapVersion before, JournalEntry entry)
    {
        if (entry.Term < before.Term || entry.Revision != before.Revision + 1)
            throw new InvariantBrokenException(
                $"entry {entry.Version} would follow map {before}: terms never go back, and revisions count up by one.");
    }

    private static void Leaves(FleetState before, Observed observed, VipAddress address, NodeName? to)
    {
        if (!before.Map.Vips.TryGetValue(address, out var vip))
            return;
        if (to is not null && before.UnreleasedVips.TryGetValue(address, out var unreleased))
            throw new InvariantBrokenException($"VIP {address} would go to {to} while {unreleased.Holder} may hold it from before.");
        if (vip.Owner is not { } owner || owner == to || before.Map.Nodes.GetValueOrDefault(owner) is not { Presence: NodePresence.Up })
            return;
        if (vip.Phase != VipPhase.Releasing || observed.Node(owner).Applied.Revision < vip.Since)
            throw new InvariantBrokenException(
                $"VIP {address} would leave {owner}, which is neither lost nor has let go of it, for "
                + $"{(to is { } successor ? successor.ToString() : "nobody")}.");
    }
}
