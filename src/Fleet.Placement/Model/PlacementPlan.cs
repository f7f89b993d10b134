using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Placement.Model;

/// <summary>Where a VIP is to lie, and who takes it when its owner is lost: the first standby that lives.</summary>
public sealed record Assignment(VipAddress Address, NodeName Owner, ImmutableArray<NodeName> Standbys);

/// <summary>A VIP that changes its owner.</summary>
/// <param name="From">Null when nobody had it.</param>
public sealed record PlannedMove(VipAddress Address, NodeName? From, NodeName To, MoveReason Reason);

/// <summary>A VIP that no node can take.</summary>
public sealed record Unplaced(VipAddress Address, string Reason);

/// <summary>What the planner answers.</summary>
/// <param name="Assignments">Sorted by address.</param>
/// <param name="Moves">
/// In the order they should be made: what nobody serves first, the service with the smallest live share before the others.
/// </param>
/// <param name="Unplaced">Sorted by address.</param>
public sealed record PlacementPlan(ImmutableArray<Assignment> Assignments, ImmutableArray<PlannedMove> Moves, ImmutableArray<Unplaced> Unplaced);
