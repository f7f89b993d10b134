using System.Collections.Immutable;
using System.Globalization;
using Fleet.Placement.Advice;
using Fleet.Placement.Proof;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Plans;

/// <summary>What the proof says of a plan, in sentences for people.</summary>
internal static class ProtectionWords
{
    private const int Named = 6;

    /// <summary>What breaks the protection and the least that would mend it; null when it holds.</summary>
    public static string? Breach(Planned planned)
    {
        var verdict = planned.Verdict;
        if (verdict.Holds)
            return null;
        var breach = verdict.Worst switch
        {
            { ExcessBps: > 0 } worst => $"{When(worst)}{worst.Node} would have to carry {Rate(worst.ExcessBps)} more than it may",
            { ExcessCps: > 0 } worst =>
                $"{When(worst)}{worst.Node} would have to take {worst.ExcessCps.ToString("N0", CultureInfo.InvariantCulture)} connections/s more "
                + $"than it may",
            _ when !verdict.Broken.IsEmpty => verdict.Broken[0].TrimEnd('.'),
            _ => "it cannot be shown to hold within the time a proof may take",
        };
        return $"{breach}.{(planned.Shortage is { } shortage ? $" {shortage.Sentence}" : "")}";
    }

    /// <summary>The failure that comes nearest to a limit.</summary>
    public static string? Nearest(ProtectionVerdict verdict) =>
        verdict.Worst is { } worst ? $"{When(worst)}{worst.Node} is {worst.Utilisation.ToString("P1", CultureInfo.InvariantCulture)} full" : null;

    public static string Wanted(Protection protection) =>
        $"any {protection.Nodes} node(s){(protection.Domains > 0 ? $" or any {protection.Domains} failure domain(s)" : "")} may fail";

    private static string When(WorstCase worst) => worst.Failed.IsEmpty
        ? "with nothing failed, "
        : $"should {List(worst.Failed)} fail, ";

    private static string List(ImmutableArray<NodeName> nodes) =>
        nodes.Length <= Named ? string.Join(" and ", nodes) : $"{string.Join(", ", nodes.Take(Named))} and {nodes.Length - Named} more";

    private static string Rate(long bps) => bps >= 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bps / 1e9:0.###} Gbit/s")
        : string.Create(CultureInfo.InvariantCulture, $"{bps / 1e6:0.###} Mbit/s");
}
