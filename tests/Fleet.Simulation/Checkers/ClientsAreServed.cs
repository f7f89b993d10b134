using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// What it is all for: a client that asks for a service and connects to the first address it is told is served, once the world has been calm for as
/// long as a loss takes to be found and told, and as long as anybody serves the service. A backend that works is found too, once whoever checks has
/// had the time to.
/// </summary>
public sealed class ClientsAreServed : IChecker
{
    /// <summary>Who probes may have died, and the next needs as long as the one before to be sure.</summary>
    private const int Probers = 2;

    private static readonly long CheckMax =
        Probers * (1 + Math.Max(CheckSpec.Default.Rise,
            CheckSpec.Default.Fall)) * (CheckSpec.Default.IntervalMs + CheckSpec.Default.TimeoutMs) * 1000L;

    private readonly CalmMoments _calm = new(CalmMoments.Often, Calm.Is);
    private int _dead;
    private long _died;

    public void Look(World world)
    {
        if (_calm.Next(world) is not null)
            CountDead(world);
        while (world.Clients.TryTake(out var unserved))
            Look(world, unserved!);
    }

    /// <summary>What is calm may have dead nodes: each is to be found and told of first.</summary>
    private void CountDead(World world)
    {
        var dead = world.Nodes.Values.Count(Calm.IsDead);
        if (dead > _dead)
            _died = world.Now;
        _dead = dead;
    }

    private void Look(World world, Unserved unserved)
    {
        if (_calm.Since is not { } calm || world.Coordinator.Leader is not { } leader)
            return;
        var since = Math.Max(calm, _died);
        var map = leader.State.Map;
        var bound = Calm.LossMax(world, leader.State) + DnsFollows.TellMax;
        var isServed = map.Services.TryGetValue(unserved.Service, out var service) && service.Vips.Any(world.Served.Now.Contains);
        var areChecked = unserved.Asked - Math.Max(since, world.Backends.Changed) > CheckMax;
        var isTakenAway = unserved.Vip is { } vip && service?.Vips.Contains(vip) == false;
        var isExcused = !isServed
            || isTakenAway
            || unserved.Asked - since <= bound
            || (unserved.Why is Disservice.NoAddress or Disservice.NoBackend && (!areChecked || AllFailed(world, service!)));
        if (!isExcused && world.Nodes.Values.Any(node => Calm.IsWell(node, leader)))
            throw new CheckFailedException(
                world, $"A client of {unserved.Service} is not served: {unserved}; the world has been calm since {since / 1000} ms.");
    }

    private static bool AllFailed(World world, Service service) => service.Pool.Backends.All(b => world.Backends.HasFailed(b.Address));
}
