using Fleet.Placement.Advice;
using Fleet.Placement.Proof;

namespace Fleet.Coordinator.Plans;

/// <summary>Whether a change breaks the protection, or makes a broken one worse: both fleets are planned, and the proofs compared.</summary>
/// <param name="Breach">What it would break and what would mend it, in a sentence; null when it breaks nothing.</param>
internal sealed record ProtectionComparison(string? Breach)
{
    public static ProtectionComparison Compare(PlanRequest before, PlanRequest after)
    {
        var then = Planned.Compute(after.Problem());
        if (then.IsSound)
            return new ProtectionComparison((string?)null);
        var now = Planned.Compute(before.Problem());
        var lost = then.Plan.Unplaced.FirstOrDefault(u => now.Plan.Assignments.Any(a => a.Address == u.Address));
        if (lost is not null)
            return new ProtectionComparison($"VIP {lost.Address} could not be placed any more: {lost.Reason}.");
        return new ProtectionComparison(IsWorse(now.Verdict, then.Verdict) ? ProtectionWords.Breach(then) : null);
    }

    private static bool IsWorse(ProtectionVerdict now, ProtectionVerdict then)
    {
        if (then.Holds)
            return false;
        if (now.Holds || then.Broken.Length > now.Broken.Length)
            return true;
        return IsOver(then.Worst) && (!IsOver(now.Worst) || then.Worst!.Utilisation > now.Worst!.Utilisation + 1e-9);
    }

    private static bool IsOver(WorstCase? worst) => worst is { ExcessBps: > 0 } or { ExcessCps: > 0 };
}
