using System.Collections.Immutable;
using Fleet.Shared.Map;

namespace Fleet.Node.Core;

/// <summary>
/// What a data plane is to carry, as far as it changes often: which backends take connections, and how many next to each other. Health and feedback
/// change nothing else, so they never cost a reload.
/// </summary>
internal sealed record BackendStates
{
    public static readonly BackendStates None = new();

    /// <summary>That of the plan together with these states: what a data plane says it carries.</summary>
    public PlanGeneration Generation { get; init; }

    /// <summary>The <see cref="NodePlan"/> whose backends they are.</summary>
    public PlanGeneration Plan { get; init; }

    /// <summary>Share of new connections next to its siblings, 1 to 256; a backend that is missing takes none.</summary>
    public ImmutableSortedDictionary<BackendKey, int> Weights { get; init; } = ImmutableSortedDictionary<BackendKey, int>.Empty;
}
