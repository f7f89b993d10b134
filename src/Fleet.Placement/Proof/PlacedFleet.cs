using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>A VIP that lies on a node which is not down.</summary>
/// <param name="Owner">Position of its node.</param>
/// <param name="StandbysFrom">Where its standbys begin in <see cref="PlacedFleet.Standbys"/>.</param>
internal readonly record struct PlacedVip(int Owner, int StandbysFrom, int StandbyCount, Load Demand);

/// <summary>A placement as numbers: nodes that are not down have positions in the order of their names, and so have failure domains.</summary>
/// <param name="Domains">The position of each node's failure domain.</param>
/// <param name="Standbys">Positions of the standbys that count, of all VIPs in turn: known, not down, not the owner, each once.</param>
/// <param name="Loads">What each node carries in normal operation.</param>
internal sealed record PlacedFleet(PlanNode[] Nodes, Load[] Limits, int[] Domains, int DomainCount, PlacedVip[] Vips, int[] Standbys, Load[] Loads)
{
    public ReadOnlySpan<int> StandbysOf(in PlacedVip vip) => Standbys.AsSpan(vip.StandbysFrom, vip.StandbyCount);
}
