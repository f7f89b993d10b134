using Fleet.Shared.Model;

namespace Fleet.Placement.Planning;

/// <summary>How even is even enough: fullness by level, 1 is where all should be.</summary>
/// <param name="Aim">What moves is placed so that no node is fuller: half the band, so that a little drift moves nothing.</param>
/// <param name="Tolerance">What is no fuller is left alone: the band.</param>
/// <param name="Gain">Hysteresis: what makes the fullest emptier by less is not done.</param>
internal sealed record Band(double Aim, double Tolerance, double Gain)
{
    public static Band FromPolicy(PlacementPolicy policy) => new(1 + (policy.BalanceBand / 2), 1 + policy.BalanceBand, policy.BalanceBand / 2);
}
