using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Testing.Linearizability;

/// <summary>What an operator asks for.</summary>
public abstract record Operation
{
    public static readonly Look Read = new();

    private Operation()
    {
    }

    public static Change Apply(ServiceName service, string digest, MapVersion? ifVersion = null) => new(Item.For(service), digest, ifVersion);

    public static Change Remove(ServiceName service, MapVersion? ifVersion = null) => new(Item.For(service), null, ifVersion);

    public static Change Intend(NodeName node, NodeIntent intent, MapVersion? ifVersion = null) =>
        new(Item.For(node), Observation.WordOf(intent), ifVersion);

    public static Change SetPolicy(string digest, MapVersion? ifVersion = null) => new(Item.Policy, digest, ifVersion);

    /// <summary>Make one thing so.</summary>
    /// <param name="Value">Null removes it.</param>
    /// <param name="IfVersion">Only if the fleet is at this version (<c>If-Match</c>).</param>
    public sealed record Change(Item Item, string? Value, MapVersion? IfVersion = null) : Operation
    {
        public override string ToString() =>
            (Value is null ? $"remove {Item}" : $"set {Item} = {Value}") + (IfVersion is { } version ? $" if at {version}" : "");
    }

    /// <summary>Read; what was read is in the <see cref="Outcome"/>.</summary>
    public sealed record Look : Operation
    {
        public override string ToString() => "read";
    }
}
