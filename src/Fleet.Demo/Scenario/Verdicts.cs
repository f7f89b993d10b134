using System.Net;
using Fleet.Demo.Clients;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Demo.Scenario;

/// <summary>Reads figures off what clients saw: pure, so that each can be tested with made-up samples.</summary>
internal static class Verdicts
{
    /// <summary>
    /// By plan, a VIP does not go from one node to another and back in less: its connections must end first. An answer of the old owner this soon
    /// after one of the new owner means two owners at once.
    /// </summary>
    private static readonly TimeSpan ShortestStay = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The longest time within a window in which a VIP did not answer: from the last good answer to the next, by when they were done.
    /// </summary>
    public static TimeSpan Outage(IEnumerable<ProbeSample> samples, Instant from, Instant until)
    {
        var longest = TimeSpan.Zero;
        var last = from;
        foreach (var sample in samples.Where(s => s.IsOk && s.Done >= from && s.Done <= until).OrderBy(s => s.Done))
        {
            longest = sample.Done - last > longest ? sample.Done - last : longest;
            last = sample.Done;
        }

        return until - last > longest ? until - last : longest;
    }

    /// <summary>When the VIP answered again after it had failed in a window; the window's end when it did not.</summary>
    public static Instant Recovered(IReadOnlyCollection<ProbeSample> samples, Instant from, Instant until)
    {
        var failed = samples.Where(s => !s.IsOk && s.Done >= from && s.Done <= until).Select(s => s.Sent).DefaultIfEmpty(from).Max();
        return samples.Where(s => s.IsOk && s.Sent >= failed && s.Done <= until).Select(s => s.Done).DefaultIfEmpty(until).Min();
    }

    /// <summary>
    /// For how long two nodes answered for one VIP: a probe that was sent after the new owner had answered is still answered by the old one.
    /// </summary>
    public static TimeSpan DualOwner(IReadOnlyList<ProbeSample> samples)
    {
        var total = TimeSpan.Zero;
        var answers = samples.Where(s => s.IsOk).OrderBy(s => s.Done).ToArray();
        for (var i = 1; i < answers.Length; i++)
        {
            var taken = answers[i];
            var before = answers[i - 1];
            if (taken.Node == before.Node)
                continue;
            var late = answers
                .Skip(i + 1)
                .TakeWhile(s => s.Done - taken.Done < ShortestStay)
                .Where(s => s.Node == before.Node && s.Sent > taken.Done)
                .ToArray();
            if (late.Length > 0)
                total += late[^1].Done - taken.Done;
        }

        return total;
    }

    /// <summary>VIPs whose owner differs between two maps.</summary>
    public static int Moved(FleetMap before, FleetMap after) =>
        after.Vips.Values.Count(v => before.Vips.TryGetValue(v.Address, out var old) && old.Owner != v.Owner);

    /// <summary>The least number of moves that levels the VIPs of a map over these nodes to within one: what each has above its part.</summary>
    public static int LevelingBound(FleetMap map, IReadOnlyCollection<NodeName> nodes)
    {
        var counts = nodes.Select(n => map.Vips.Values.Count(v => v.Owner == n)).OrderDescending().ToArray();
        var (part, rest) = int.DivRem(map.Vips.Count, nodes.Count);
        var orphans = map.Vips.Values.Count(v => v.Owner is not { } owner || !nodes.Contains(owner));
        return orphans + counts.Select((count, i) => Math.Max(0, count - (i < rest ? part + 1 : part))).Sum();
    }

    /// <summary>Failed requests that nothing excuses: not sent to a VIP that was out of service then.</summary>
    /// <param name="outages">By VIP of the dead node: from when until when it was out.</param>
    public static int FailedElsewhere(IEnumerable<TrafficSample> requests, IReadOnlyDictionary<IPAddress, (Instant From, Instant Until)> outages) =>
        requests.Count(r => !r.IsOk && !r.Tried.Any(v => outages.TryGetValue(v, out var outage) && r.Sent <= outage.Until && r.Done >= outage.From));
}
