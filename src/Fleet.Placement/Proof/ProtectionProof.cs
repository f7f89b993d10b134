using System.Collections.Immutable;
using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// Checks a placement against its problem. It shares nothing with the planner but the problem's words.
/// <para>
/// Failure sets are the empty set, every set of at most k nodes that are not down, and, where the protection asks for it, every single failure
/// domain. After a failure each VIP whose owner failed goes to its first standby that did not; no survivor may then carry more than its limit in
/// either dimension.
/// </para>
/// </summary>
internal static class ProtectionProof
{
    /// <summary>About a fifth of a second.</summary>
    public const long VisitsMax = 10_000_000;

    private const int SentencesMax = 20;

    /// <summary>Equal placements give equal verdicts, in whatever order anything is listed.</summary>
    /// <param name="visitsMax">
    /// How far sets of several nodes are searched before the proof rests on a bound; single nodes and domains are always looked at.
    /// </param>
    public static ProtectionVerdict Check(PlacementProblem problem, ImmutableArray<Assignment> assignments, long visitsMax = VisitsMax)
    {
        if (problem.Protection.Nodes > NodeSet.SizeMax)
            throw new ArgumentException($"Protection against {problem.Protection.Nodes} nodes, at most {NodeSet.SizeMax}.", nameof(problem));
        var reading = new FleetReading(problem);
        if (reading.Read(assignments) is not { } fleet)
            return new ProtectionVerdict(false, ProofMethod.Exhaustive, null, null, Sentences(reading.Breaches));
        var worst = new WorstSoFar(fleet);
        for (var node = 0; node < fleet.Nodes.Length && fleet.Vips.Length > 0; node++)
            worst.Offer(node, fleet.Loads[node], []);
        if (problem.Protection.Domains > 0)
            DomainFailures.Offer(fleet, worst);
        var failures = new NodeFailures(fleet, worst, problem.Protection.Nodes, visitsMax);
        failures.Offer();
        var bounded = failures.Unresolved;
        var holds = reading.Breaches.Count == 0 && !worst.IsViolation && bounded.TrueForAll(b => worst.Fits(b.Survivor, b.Dimension, b.LoadMax));
        var utilisationMax = bounded.Aggregate(
            worst.Case?.Utilisation, (most, b) => Math.Max(most ?? 0, worst.UtilisationOf(b.Survivor, b.Dimension, b.LoadMax)));
        return new ProtectionVerdict(
            holds, bounded.Count == 0 ? ProofMethod.Exhaustive : ProofMethod.Bound, worst.Case, utilisationMax, Sentences(reading.Breaches));
    }

    private static ImmutableArray<string> Sentences(List<Breach> breaches)
    {
        breaches.Sort();
        var told = breaches.Take(SentencesMax).Select(breach => breach.Sentence);
        return breaches.Count > SentencesMax ? [.. told, $"There are {breaches.Count - SentencesMax} more."] : [.. told];
    }
}
