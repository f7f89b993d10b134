using System.Collections.Immutable;
using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>Checks a placement against its problem. It shares nothing with the planner but the problem's words.</summary>
public static class ProtectionProof
{
    public static ProtectionVerdict Check(PlacementProblem problem, ImmutableArray<Assignment> assignments) => throw new NotSupportedException();
}
