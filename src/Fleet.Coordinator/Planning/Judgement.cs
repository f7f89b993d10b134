using Fleet.Placement.Advice;
using Fleet.Placement.Proof;

namespace Fleet.Coordinator.Planning;

/// <summary>Whether a change breaks the protection, or makes a broken one worse: both fleets are planned, and the proofs compared.</summary>
/// <param name="Breach">What it would break and what would mend it, in a sentence; null when it breaks nothing.</param>
public sealed record Judgement(string? Breach)
{
    public static Judgement Of(PlanRequest before, PlanRequest after)
    {
        var then = Planned.Of(after.Problem());
        if (then.IsSound)
            return new Judgement((string?)null);
        var now = Planned.Of(before.Problem());
        var lost = then.Plan.Unplaced.FirstOrDefault(u => now.Plan.Assignments.Any(a => a.Address == u.Address));
        if (lost is not null)
            return new Judgement($"VIP {lost.Address} could not be placed any more: {lost.Reason}.");
        return new Judgement(IsWorse(now.Verdict, then.Verdict) ? ProtectionWords.Breach(then) : null);
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
