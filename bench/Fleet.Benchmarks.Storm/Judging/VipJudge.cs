using Fleet.Demo.Clients;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Storm.Judging;

/// <summary>From one good answer to the next.</summary>
public readonly record struct Gap(Instant From, Instant Until)
{
    public TimeSpan Within(Instant from, Instant until) => Instant.Min(Until, until) - Instant.Max(From, from);
}

/// <summary>Two nodes answered for one VIP.</summary>
/// <param name="First">Who answered before and after the second.</param>
public sealed record DualOwner(Instant From, Instant Until, string First, string Second);

/// <summary>
/// Reads outages and dual owners off what clients saw at one VIP, as it comes: it keeps what is recent, so a storm may be long. Pure; not safe for
/// two threads at once.
/// </summary>
public sealed class VipJudge(Instant begun)
{
    /// <summary>
    /// A VIP does not go from one node to another and back in less: by plan its DNS answers are taken out first, by a loss a lease must end. So
    /// answers of one node, then of
    /// another, then of the first, each asked for after the one before was there, are two owners at once.
    /// </summary>
    private static readonly TimeSpan ShortestStay = TimeSpan.FromMilliseconds(200);

    /// <summary>What is seen again this soon is the same case.</summary>
    private static readonly TimeSpan OneCase = TimeSpan.FromSeconds(1);

    /// <summary>Shorter ones are nobody's concern.</summary>
    private static readonly TimeSpan GapMin = TimeSpan.FromMilliseconds(20);

    private readonly List<ProbeSample> _recent = [];
    private readonly List<Gap> _gaps = [];
    private readonly List<DualOwner> _duals = [];
    private Instant _last = begun;

    public IReadOnlyList<DualOwner> Duals => _duals;

    /// <summary>The last good answer; null when there was none yet.</summary>
    internal ProbeSample? LastAnswer { get; private set; }

    /// <summary>In the order in which they were done.</summary>
    internal void Add(ProbeSample sample)
    {
        if (!sample.IsOk)
            return;
        if (sample.Done - _last > GapMin)
            _gaps.Add(new Gap(_last, sample.Done));
        _last = Instant.Max(_last, sample.Done);
        LastAnswer = sample;
        _recent.RemoveAll(old => sample.Done - old.Done > OneCase);
        if (Interrupted(sample) is { } other)
            Note(sample, other);
        _recent.Add(sample);
    }

    /// <summary>The longest time in a window without an answer.</summary>
    public Gap LongestGap(Instant from, Instant until)
    {
        var longest = new Gap(from, from);
        foreach (var gap in _gaps.Append(new Gap(_last, Instant.Max(_last, until))))
        {
            if (gap.Within(from, until) > longest.Until - longest.From)
                longest = new Gap(Instant.Max(gap.From, from), Instant.Min(gap.Until, until));
        }

        return longest;
    }

    /// <summary>An answer of another node that lies wholly between an earlier one of this node and this one.</summary>
    private ProbeSample? Interrupted(ProbeSample now)
    {
        foreach (var other in _recent.Where(other => other.Node != now.Node && other.Done < now.Sent))
        {
            if (_recent.Exists(first => first.Node == now.Node && first.Done < other.Sent && now.Sent - first.Done < ShortestStay))
                return other;
        }

        return null;
    }

    private void Note(ProbeSample now, ProbeSample other)
    {
        if (_duals.Count > 0 && now.Done - _duals[^1].Until < OneCase)
            _duals[^1] = _duals[^1] with { Until = now.Done };
        else
            _duals.Add(new DualOwner(other.Done, now.Done, now.Node!, other.Node!));
    }
}
