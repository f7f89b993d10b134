using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Commands;

/// <summary>What a person or a program may ask of the fleet.</summary>
internal abstract record Command
{
    private Command()
    {
    }

    /// <summary>Create a service or make it so.</summary>
    public sealed record ApplyService(Service Service) : Command;

    public sealed record RemoveService(ServiceName Service) : Command;

    public sealed record Intend(NodeName Node, NodeIntent Intent) : Command;

    /// <summary>The operator's word that a silent node is dead and holds nothing.</summary>
    public sealed record DeclareDown(NodeName Node) : Command;

    public sealed record SetPolicy(FleetPolicy Policy) : Command;
}
