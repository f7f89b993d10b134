using System.Net.Sockets;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Membership;
using Fleet.Shared.Gslb;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// While the world is calm, no node answers DNS with a VIP that has been dark for longer than it takes to find and mend it, as long as the service
/// has another that is served: one whose owner died where nobody can prove it stays dark, but clients are not sent there.
/// </summary>
public sealed class DnsFollows : IChecker
{
    private const long LookEvery = 50_000;

    /// <summary>Beyond finding a loss: microseconds until no DNS server answers what has gone.</summary>
    internal const long TellMax = 500_000;

    private readonly Since<VipAddress> _dark = new();
    private readonly CalmMoments _calm = new(LookEvery, (world, leader) => Calm.Is(world, leader) && HasLookedAround(world, leader));

    public void Look(World world)
    {
        if (_calm.Next(world, _dark.Clear) is not { } leader)
            return;
        var served = world.Served.Now;
        var bound = Calm.LossMax(world, leader.State) + TellMax;
        _dark.Forget(vip => !leader.State.Map.Vips.ContainsKey(vip));
        // What nobody has is told nobody; he who is given it needs a moment to serve it.
        var dark = leader.State.Map.Vips.Values
            .Where(vip => _dark.Lasts(vip.Address, vip.Owner is not null && !served.Contains(vip.Address), world.Now) > bound)
            .Select(vip => vip.Address)
            .ToHashSet();
        if (dark.Count == 0)
            return;
        foreach (var node in world.Nodes.Values.Where(n => Calm.IsWell(n, leader)))
        {
            foreach (var service in node.Reactor!.Map.Services.Values)
                LookAtAnswers(world, node, service, dark, served);
        }
    }

    /// <summary>A leader that has just begun gives nodes time to find it before it suspects them.</summary>
    private static bool HasLookedAround(World world, Leader leader) =>
        world.Coordinator.Clock.At(world.Now) - leader.Observed.Awake >= SuspicionRule.FindingMax;

    private static void LookAtAnswers(World world, SimNode node, Service service, HashSet<VipAddress> dark, IReadOnlySet<VipAddress> served)
    {
        var map = node.Reactor!.Map;
        var candidates = Candidates.ForService(map, service);
        var answered = SiteOrder
            .Choose(map.Sites, service.Gslb, candidates, AddressFamily.InterNetwork, null).First
            .Select(i => new VipAddress(candidates[i].Address))
            .ToArray();
        if (answered.Any(dark.Contains) && candidates.Any(c => served.Contains(new VipAddress(c.Address))))
            throw new CheckFailedException(
                world,
                $"{node.Name} answers {service.Name} with [{string.Join(", ", answered)}], of which are dark: {string.Join(", ", dark.Order())}.");
    }
}
