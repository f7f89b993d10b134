using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// No node says that it holds a VIP, to a leader that knows its map, while its data plane does not carry the VIP for that service, or may not.
/// </summary>
public sealed class HeldIsCarried : IChecker
{
    private readonly Dictionary<NodeName, (object Map, MapVersion Applied, ImmutableArray<VipAddress> Missing, long Changes)> _looked = [];

    public void Look(World world)
    {
        if (world.Touched is not { Reactor: { } reactor } node)
            return;
        var looked = ((object)reactor.Map.Vips, reactor.Applied, reactor.Missing, node.Plane.Changes);
        if (_looked.TryGetValue(node.Name, out var before) && before == looked)
            return;
        _looked[node.Name] = looked;
        foreach (var vip in reactor.Map.Vips.Values)
        {
            var isSaid = vip.HeldBy(node.Name) && reactor.Applied.Revision >= vip.Since && !reactor.Missing.Contains(vip.Address);
            if (isSaid && node.Plane.MayCarry.Count == 0)
                throw new CheckFailedException(
                    world, $"{node.Name} says that it holds VIP {vip.Address}, and its data plane has never said that it carries anything.");
            if (isSaid && node.Plane.MayCarry.FirstOrDefault(plan => !Has(plan, vip)) is { } other)
                throw new CheckFailedException(
                    world,
                    $"{node.Name} says that it holds VIP {vip.Address} of {vip.Service}, and its data plane may carry {other.Generation}, where "
                    + $"that is not so.");
        }
    }

    private static bool Has(NodePlan plan, VipEntry vip) => plan.Services.FirstOrDefault(s => s.Vips.Contains(vip.Address))?.Name == vip.Service;
}
