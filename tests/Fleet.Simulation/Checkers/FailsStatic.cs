using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// While the store of several coordinators is away, nothing changes, and what was served goes on being served, as long as nodes and network are well:
/// nodes keep their leases by their witnesses. What was being handed over may wait.
/// </summary>
public sealed class FailsStatic : IChecker
{
    /// <summary>What was in trouble before may still let go of something for it, and has it back only from a leader.</summary>
    private const long RecoveryMax = 3_000_000;

    private ImmutableArray<VipAddress> _served = [];
    private int? _entries;
    private long _troubled;
    private int _ends;
    private long _next;

    public void Look(World world)
    {
        if (world.Storage is null)
            return;
        var isAway = world.StoreTrouble.IsAway;
        if (isAway && world.Store.Entries.Length != (_entries ??= world.Store.Entries.Length))
            throw new CheckFailedException(world, "Something was written while the store was away.");
        if (!isAway)
            _entries = null;
        if (world.Now < _next)
            return;
        _next = world.Now + CalmMoments.Often;
        var ends = world.Nodes.Values.Sum(node => node.Relay.Ends);
        if (ends != _ends || world.Network.IsTroubled || world.Nodes.Values.Any(node => !IsWell(node)))
            (_troubled, _ends) = (world.Now, ends);
        if (!isAway || world.Now - _troubled < RecoveryMax)
            _served = [];
        else if (_served.IsEmpty)
            _served = [.. Settled(world)];
        else
            Look(world, _served);
    }

    private static void Look(World world, ImmutableArray<VipAddress> served)
    {
        world.Tally.Count("looked-at-without-a-store");
        foreach (var vip in served)
        {
            if (!world.Served.Now.Contains(vip))
                throw new CheckFailedException(world, $"VIP {vip} is not served any more, and nothing is wrong but that the store is away.");
        }
    }

    private static IEnumerable<VipAddress> Settled(World world) =>
        world.Store.Folded.Map.Vips.Values
            .Where(vip => vip.Phase == VipPhase.Serving && vip.Owner is not null && world.Served.Now.Contains(vip.Address))
            .Select(vip => vip.Address);

    private static bool IsWell(SimNode node) =>
        node is { Agent.IsRunning: true, Relay: { IsRunning: true, BindsFail: false }, HasStopped: false, HasBeenUnable: false };
}
