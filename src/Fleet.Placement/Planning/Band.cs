using Fleet.Shared.Model;

namespace Fleet.Placement.Planning;

/// <summary>How even is even enough, in fullness: utilisation by level, where 1 is where all should be.</summary>
/// <param name="Aim">A VIP that moves is placed so that no node is fuller than this: half the band, so that a little drift moves nothing.</param>
/// <param name="Tolerance">A node that is no fuller than this is left alone: the band.</param>
/// <param name="Gain">Hysteresis: a change that makes the fullest node emptier by less is not made.</param>
internal sealed record Band(double Aim, double Tolerance, double Gain)
{
    public static Band FromPolicy(PlacementPolicy policy) => new(1 + (policy.BalanceBand / 2), 1 + policy.BalanceBand, policy.BalanceBand / 2);
}
