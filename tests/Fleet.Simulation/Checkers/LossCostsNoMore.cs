using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// What a failure costs at most. The entry that calls nodes lost gives away all their VIPs, each once, and no other but what has been let go of:
/// fewer moves there cannot be. And where the proof in force said that so many may fail, each VIP goes to its first standby that is left, and no
/// survivor has more than it can carry.
/// </summary>
public sealed class LossCostsNoMore : IChecker
{
    /// <summary>Microseconds: what an entry was decided by may be so much older than the entry in the journal.</summary>
    private const long DecidingMax = 500_000;

    private readonly Since<NodeName> _well = new();
    private long _next;
    private FleetState _before = FleetState.Empty;
    private int _proven;

    public void Look(World world)
    {
        LookAtNodes(world);
        var state = world.Store.Folded;
        if (state.Map.Version != _before.Map.Version)
        {
            var lost = world.Store.Entries[^1].Events.OfType<FleetEvent.NodeLost>().Select(e => e.Node).ToImmutableHashSet();
            if (!lost.IsEmpty && state.Map.Version.Revision == _before.Map.Version.Revision + 1)
                Look(world, lost, world.Store.Entries[^1], state.Map);
            _before = state;
        }

        _proven = world.Coordinator.Leader is { } leader && leader.State.Map.Version == state.Map.Version ? Proven(leader) : 0;
    }

    private void LookAtNodes(World world)
    {
        if (world.Now < _next)
            return;
        _next = world.Now + CalmMoments.Often;
        foreach (var node in world.Nodes.Values)
            _well.Lasts(node.Name, IsWell(world, node), world.Now);
    }

    private static bool IsWell(World world, SimNode node) => world.Coordinator.Leader is { } leader && Calm.IsWell(node, leader);

    /// <summary>So many nodes may fail, by a proof of the fleet as it is.</summary>
    private static int Proven(Leader leader) =>
        leader.Planning is { Last: { Planned.IsSound: true } last } planning
            && last.Number == planning.Changes
            && leader.Observed.Plan is null or { Moves.IsEmpty: true, Standbys.IsEmpty: true }
            ? leader.State.Map.Policy.Protection.Nodes
            : 0;

    private void Look(World world, ImmutableHashSet<NodeName> lost, JournalEntry entry, FleetMap after)
    {
        VipMove[] moves = [.. entry.Events.OfType<FleetEvent.VipsMoved>().SelectMany(e => e.Moves).Where(m => m.Reason == MoveReason.OwnerLost)];
        var unplaced = entry.Events.OfType<FleetEvent.VipsUnplaced>().SelectMany(e => e.Vips);
        var homeless = _before.Map.Vips.Values
            .Where(v => v.Owner is { } owner && (lost.Contains(owner) || _before.Map.Nodes[owner].Presence == NodePresence.Down))
            .Select(v => v.Address);
        if (!moves.Select(m => m.Vip).Concat(unplaced).Order().SequenceEqual(homeless.Order()))
            throw new CheckFailedException(
                world, $"At {after.Version} {string.Join(", ", lost)} are lost, and what moves is [{string.Join(", ", moves.Select(m => m.Vip))}].");
        if (lost.Count > _proven || world.Nodes.Values.Any(n => n.HasBeenUnable || (!lost.Contains(n.Name) && Calm.IsDead(n))))
            return;
        foreach (var move in moves)
        {
            var vip = _before.Map.Vips[move.Vip];
            var next = vip.Standbys.Prepend(vip.Successor ?? vip.Owner!.Value).FirstOrDefault(n => !lost.Contains(n));
            if (next != move.To && next != default && _well.Lasts(next, IsWell(world, world.Node(next)), world.Now) > DecidingMax)
                throw new CheckFailedException(world, $"At {after.Version} VIP {move.Vip} goes to {move.To}, and not to {next}, which is well.");
        }

        // Who has not been there for long may not have been counted with.
        if (after.Nodes.Values.Any(node => node.TakesVips && _well.Lasts(node.Name, IsWell(world, world.Node(node.Name)), world.Now) <= DecidingMax))
            return;
        var most = (int)(after.Policy.Protection.UtilisationMax / after.Policy.Placement.ShareMax);
        if (after.Vips.Values.Where(v => v.Destination is not null).CountBy(v => v.Destination!.Value)
            .FirstOrDefault(n => n.Value > most) is { Value: > 0 } full)
            throw new CheckFailedException(
                world,
                $"At {after.Version} {full.Key} has {full.Value} VIPs, {most} fill it, and the proof said that {_proven} may fail: "
                + $"{string.Join(", ", lost)}.");
    }
}
