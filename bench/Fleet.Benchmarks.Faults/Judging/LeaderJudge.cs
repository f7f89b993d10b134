using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Faults.Judging;

/// <summary>Finds two that led at one time or in one term, by what they acknowledged. Pure.</summary>
internal static class LeaderJudge
{
    /// <summary>
    /// A term belongs to one coordinator. And what is asked for after a newer term has acknowledged something is acknowledged by no older one: it was
    /// acknowledged later for certain, however slow the lines are.
    /// </summary>
    public static ImmutableArray<string> Find(IEnumerable<Acknowledgement> heard)
    {
        var all = heard.ToArray();
        var findings = ImmutableArray.CreateBuilder<string>();
        foreach (var term in all.GroupBy(each => each.Term))
        {
            var leaders = term.Select(each => each.Coordinator).Distinct().Order().ToArray();
            if (leaders.Length > 1)
                findings.Add($"term {term.Key} was led by coordinators {string.Join(" and ", leaders)}");
        }

        var byHeard = all.OrderBy(each => each.Heard).ToArray();
        var (next, newest) = (0, default(Acknowledgement));
        foreach (var each in all.OrderBy(each => each.Asked))
        {
            for (; next < byHeard.Length && byHeard[next].Heard < each.Asked; next++)
                newest = byHeard[next].Term > newest.Term ? byHeard[next] : newest;
            if (each.Term < newest.Term)
                findings.Add($"coordinator {each.Coordinator} acknowledged in term {each.Term} what was asked at {each.Asked}, {Late(each, newest)}");
        }

        return findings.ToImmutable();
    }

    private static string Late(Acknowledgement each, Acknowledgement newest) =>
        $"{(each.Asked - newest.Heard).TotalMilliseconds:0.0} ms after coordinator {newest.Coordinator} had in term {newest.Term}";

    /// <summary>From a moment until a newer term than all before acknowledged something; null when none did.</summary>
    public static TimeSpan? Gap(IReadOnlyList<Acknowledgement> heard, Instant moment)
    {
        var before = heard.Where(each => each.Heard <= moment).Select(each => each.Term).DefaultIfEmpty().Max();
        var next = heard.Where(each => each.Term > before && each.Heard > moment).Select(each => each.Heard).DefaultIfEmpty(Instant.Forever).Min();
        return next == Instant.Forever ? null : next - moment;
    }
}
