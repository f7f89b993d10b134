using Fleet.Coordinator.Commands;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>A new node, or several at once.</summary>
public sealed record Join(TimeSpan At, string Node, int Count = 1) : Fault(At)
{
    protected override bool Do(World world)
    {
        var number = int.Parse(Node.Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture);
        var isNew = false;
        foreach (var name in Enumerable.Range(number, Count).Select(n => $"adc-{n}").Where(n => !world.Nodes.ContainsKey(new NodeName(n))))
        {
            world.AddNode(name).Start();
            isNew = true;
        }

        return isNew;
    }
}

/// <summary>Drain, undrain, cordon or leave.</summary>
public sealed record Intend(TimeSpan At, string Node, NodeIntent Intent, bool Force = true) : Fault(At)
{
    protected override bool Do(World world) => Ask(world, new Command.Intend(new NodeName(Node), Intent), Force);
}

/// <summary>A service is made, or made different.</summary>
public sealed record Apply(TimeSpan At, Service Service) : Fault(At)
{
    protected override bool Do(World world) => Ask(world, new Command.ApplyService(Service));

    public override string ToString() => $"Apply {{ At = {At}, {Service.Name} has {string.Join(' ', Service.Vips)} }}";
}

/// <summary>A service is removed.</summary>
public sealed record Remove(TimeSpan At, ServiceName Service) : Fault(At)
{
    protected override bool Do(World world) => Ask(world, new Command.RemoveService(Service));
}

/// <summary>An operator says of a node that it is dead. Of one that lives that is refused.</summary>
public sealed record DeclareDown(TimeSpan At, string Node) : Fault(At)
{
    protected override bool Do(World world) =>
        world.Nodes.TryGetValue(new NodeName(Node), out var node) && node.IsThere && Ask(world, new Command.DeclareDown(node.Name), force: false);
}

/// <summary>The fleet's lease becomes longer or shorter.</summary>
public sealed record SetLease(TimeSpan At, LeaseTerms Lease) : Fault(At)
{
    protected override bool Do(World world) => Ask(world, new Command.SetPolicy(world.Settings.Policy with { Lease = Lease }));
}
