using Fleet.Shared.Model;

namespace Fleet.Testing.Linearizability;

public enum ItemKind
{
    Service,
    Node,
    Policy,
}

/// <summary>
/// One thing that operators change and read. A service's value is a digest of its definition, a node's its intent, the policy's a digest; null is a
/// thing that is not there.
/// </summary>
public readonly record struct Item(ItemKind Kind, string Name) : IComparable<Item>
{
    public static readonly Item Policy = new(ItemKind.Policy, "");

    public static Item For(ServiceName service) => new(ItemKind.Service, service.Value);

    public static Item For(NodeName node) => new(ItemKind.Node, node.Value);

    public int CompareTo(Item other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Kind switch
    {
        ItemKind.Service => $"service {Name}",
        ItemKind.Node => $"node {Name}",
        _ => "the policy",
    };
}
