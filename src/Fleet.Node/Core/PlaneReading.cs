using System.Collections.Immutable;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>A data plane as it is found.</summary>
/// <param name="Carried">
/// The plan that it carries, whatever it said before: a process that was restarted behind the agent's back carries another, or none.
/// </param>
/// <param name="Counters">Of every VIP that is held.</param>
internal sealed record PlaneReading(PlanGeneration Carried, ImmutableSortedDictionary<VipAddress, VipCounters> Counters);
