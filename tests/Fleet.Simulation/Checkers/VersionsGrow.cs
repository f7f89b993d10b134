using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>No node ever goes back to an older map, not within one life of its agent; nor does a leader.</summary>
public sealed class VersionsGrow : IChecker
{
    private readonly Dictionary<NodeName, (int Incarnation, MapVersion Version)> _seen = [];
    private MapVersion _led;

    public void Look(World world)
    {
        if (world.Touched is { Reactor: { } reactor } node)
        {
            var (incarnation, version) = _seen.GetValueOrDefault(node.Name);
            if (incarnation == node.Agent.Incarnation && reactor.Map.Version < version)
                throw new CheckFailedException(world, $"{node.Name} went from map {version} back to {reactor.Map.Version}.");
            _seen[node.Name] = (node.Agent.Incarnation, reactor.Map.Version);
        }

        if (world.Coordinator.Leader is not { } leader)
            return;
        if (leader.State.Map.Version < _led)
            throw new CheckFailedException(world, $"The leader went from map {_led} back to {leader.State.Map.Version}.");
        _led = leader.State.Map.Version;
    }
}
