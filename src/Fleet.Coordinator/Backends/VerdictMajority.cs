using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Backends;

/// <summary>One prober's latest verdict on one backend.</summary>
/// <param name="HeardAt">
/// When the prober was last heard at all: verdicts are sent when they change, so a prober that is heard stands by its last one.
/// </param>
internal readonly record struct ProberVerdict(NodeName Prober, Verdict Verdict, Instant HeardAt);

/// <summary>
/// Combines the verdicts of a backend's probers: the majority of those that know and were heard within the age limit. A tie or silence keeps the old
/// verdict: probers that change hands, or a new leader that has heard nobody yet, must not empty a pool.
/// </summary>
internal static class VerdictMajority
{
    /// <param name="old">The combined verdict so far.</param>
    /// <param name="verdicts">At most one of each prober.</param>
    public static Verdict Combine(Verdict old, IEnumerable<ProberVerdict> verdicts, Instant now, TimeSpan ageMax)
    {
        var (up, down) = (0, 0);
        foreach (var verdict in verdicts.Where(verdict => now - verdict.HeardAt <= ageMax))
        {
            up += verdict.Verdict == Verdict.Up ? 1 : 0;
            down += verdict.Verdict == Verdict.Down ? 1 : 0;
        }

        return up > down ? Verdict.Up : down > up ? Verdict.Down : old;
    }
}
