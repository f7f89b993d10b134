using System.Collections.Immutable;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishing;

/// <summary>What one name needs to become as wanted. Conditions and changes of one name must stay together in one update.</summary>
/// <param name="Conditions">They require that the name is still as it was read: if another writer has come between, nothing is done.</param>
internal sealed record NameChange(DnsName Name, ImmutableArray<UpdateCondition> Conditions, ImmutableArray<UpdateChange> Changes);

/// <summary>A name that is not as wanted and is left so.</summary>
/// <param name="Reason">A sentence, with what to do about it.</param>
internal sealed record LeftAlone(DnsName Name, string Reason);

/// <summary>All that differs between the zone wanted and the zone there.</summary>
internal sealed record ZonePlan(ImmutableArray<NameChange> Changes, ImmutableArray<LeftAlone> LeftAlone)
{
    /// <summary>Single records added and taken away, and sets replaced.</summary>
    public int Steps => Changes.Sum(change => change.Changes.Length);
}
