using System.Text.RegularExpressions;
using Fleet.Simulation.Faults;

namespace Fleet.Simulation.Playing;

/// <summary>What was asked for on the command line; null is what was not said.</summary>
public sealed partial record SimRequest
{
    public const int UsualSeeds = 100;
    public const double UsualMinutes = 2;
    public const double UsualShrinkMinutes = 5;

    public int? Seeds { get; init; }

    public int? From { get; init; }

    public int? Seed { get; init; }

    public string? Plan { get; init; }

    public double? Minutes { get; init; }

    public IReadOnlyCollection<string> Faults { get; init; } = [];

    public int? Nodes { get; init; }

    public int? Coordinators { get; init; }

    public bool Trace { get; init; }

    public bool Shrink { get; init; }

    public double? ShrinkMinutes { get; init; }

    public string? Record { get; init; }

    public bool IsOne => Seed is not null || Plan is not null;

    public SimOptions Options => new(Seed ?? From ?? 1, IsOne ? 1 : Seeds ?? UsualSeeds, Minutes ?? UsualMinutes, Faults, Nodes, Coordinators);

    /// <summary>What is wrong with it, and what would be right; null when nothing is.</summary>
    public string? Refusal()
    {
        if (Faults.Where(k => !FaultKinds.All.ContainsKey(k)).ToArray() is { Length: > 0 } unknown)
            return $"no such kind of trouble: {string.Join(", ", unknown)}. There are {string.Join(", ", FaultKinds.All.Keys)}.";
        return Contradiction() ?? this switch
        {
            { Seeds: < 1 } or { Minutes: < 1 } => "at least one world of at least one minute.",
            { Nodes: < 1 or > 200 } => "--nodes is 1 to 200.",
            { Coordinators: < 1 or > 3 } => "--coordinators is 1 to 3.",
            { Coordinators: 1 } when Faults.Any(FaultKinds.OfSeveral.Contains) => "that trouble is for several coordinators.",
            { ShrinkMinutes: <= 0 } => "--shrink-minutes is more than nothing.",
            { Record: { } name } when !StoryName().IsMatch(name) =>
                $"'{name}' is no name for a story: small letters, digits and hyphens, such as a-node-is-killed.",
            _ => null,
        };
    }

    private string? Contradiction() => this switch
    {
        { Seed: not null, Plan: not null } => "--seed or --plan: a plan is a world already.",
        { Plan: not null } when Minutes is not null || Nodes is not null || Coordinators is not null || Faults.Count > 0 =>
            "--minutes, --nodes, --coordinators and --faults are for seeds; a plan says all that itself, so edit its file.",
        { IsOne: true } when Seeds is not null || From is not null => "--seeds and --from are for many worlds, --seed and --plan for one.",
        { IsOne: false, Trace: true } => "--trace is for one world: add --seed N or --plan FILE.",
        { IsOne: false, Shrink: true } => "--shrink is for one world: add --seed N or --plan FILE.",
        { IsOne: false, Record: not null } => "--record is for one world: add --seed N or --plan FILE.",
        { Trace: true } when Shrink || Record is not null => "--trace goes alone: shrink first, then trace the plan that is written.",
        { Shrink: false, ShrinkMinutes: not null } => "--shrink-minutes is for --shrink.",
        _ => null,
    };

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StoryName();
}
