using System.Collections.Immutable;
using Fleet.Shared.Map;

namespace Fleet.Node.Core;

/// <summary>
/// The part of what a data plane is to carry that changes often: which backends take connections, and in what proportion. Health and feedback change
/// nothing else, so they never cost a reload.
/// </summary>
internal sealed record BackendStates
{
    public static readonly BackendStates None = new();

    /// <summary>The generation of the plan together with these states. A data plane reports it as what it carries.</summary>
    public PlanGeneration Generation { get; init; }

    /// <summary>The <see cref="NodePlan"/> that these backends belong to.</summary>
    public PlanGeneration Plan { get; init; }

    /// <summary>Share of new connections relative to the other backends, 1 to 256; a backend that is missing takes none.</summary>
    public ImmutableSortedDictionary<BackendKey, int> Weights { get; init; } = ImmutableSortedDictionary<BackendKey, int>.Empty;
}
