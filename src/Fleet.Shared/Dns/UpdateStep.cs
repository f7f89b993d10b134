using System.Collections.Immutable;

namespace Fleet.Shared.Dns;

/// <summary>What must hold, or no change of the update is made; RFC 2136 2.4.</summary>
public abstract record UpdateCondition(DnsName Name)
{
    /// <summary>The name has exactly these records of the type; TTLs are not compared (2.4.2).</summary>
    public sealed record SetIs(RecordSet Set) : UpdateCondition(Set.Name);

    /// <summary>The name has some record of the type (2.4.1).</summary>
    public sealed record SetExists(DnsName Name, DnsType Type) : UpdateCondition(Name);

    /// <summary>The name has no record of the type (2.4.3).</summary>
    public sealed record SetIsMissing(DnsName Name, DnsType Type) : UpdateCondition(Name);

    /// <summary>The name has some record (2.4.4).</summary>
    public sealed record NameInUse(DnsName Name) : UpdateCondition(Name);

    /// <summary>The name has no record at all (2.4.5).</summary>
    public sealed record NameNotInUse(DnsName Name) : UpdateCondition(Name);
}

/// <summary>One change of a zone; an update's changes are made in their order, all or none (RFC 2136 2.5, 3.4).</summary>
public abstract record UpdateChange(DnsName Name, DnsType Type)
{
    /// <summary>A record is added, or its TTL set if it is there (2.5.1).</summary>
    public sealed record Add(DnsName Name, DnsType Type, uint Ttl, ImmutableArray<byte> Data) : UpdateChange(Name, Type);

    /// <summary>One record goes (2.5.4).</summary>
    public sealed record Delete(DnsName Name, DnsType Type, ImmutableArray<byte> Data) : UpdateChange(Name, Type);

    /// <summary>All records of a type go (2.5.2).</summary>
    public sealed record DeleteSet(DnsName Name, DnsType Type) : UpdateChange(Name, Type);

    /// <summary>All records of a name go (2.5.3).</summary>
    public sealed record DeleteName(DnsName Name) : UpdateChange(Name, DnsType.Any);
}
