using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Json;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>How a verdict was reached.</summary>
[JsonConverter(typeof(KebabEnum<ProofMethod>))]
public enum ProofMethod
{
    /// <summary>Every failure set was looked at, or shown to be no worse than one that was.</summary>
    Exhaustive,

    /// <summary>Sets of several nodes were bounded from above: what the bound proves holds; what it does not prove may still hold.</summary>
    Bound,
}

/// <summary>The failure set that brings a node nearest to its limit, or furthest above.</summary>
/// <param name="Failed">Sorted; empty is normal operation.</param>
/// <param name="Node">The survivor.</param>
/// <param name="Utilisation">Its load by its capacity in the fuller dimension after the failure; 1 is full.</param>
/// <param name="ExcessBps">What it would carry above its limit, bit/s; 0 when it fits.</param>
/// <param name="ExcessCps">The same in connections per second.</param>
public sealed record WorstCase(ImmutableArray<NodeName> Failed, NodeName Node, double Utilisation, long ExcessBps, long ExcessCps);

/// <summary>What the proof says of a placement.</summary>
/// <param name="Holds">
/// No failure set of the protection takes any survivor above its limit, every VIP always has a live standby, and no hard rule is broken.
/// </param>
/// <param name="Worst">The worst case found, the counter-example when <see cref="Holds"/> is false for a load; null when nothing is placed.</param>
/// <param name="UtilisationMax">
/// No survivor is fuller than this after any failure set: the worst case's utilisation, or above it where the proof rests on the bound.
/// </param>
/// <param name="Broken">
/// Rules that do not depend on loads and are broken, in sentences: an owner that may not have the VIP, a VIP without enough standbys, ...
/// </param>
public sealed record ProtectionVerdict(bool Holds, ProofMethod Method, WorstCase? Worst, double? UtilisationMax, ImmutableArray<string> Broken);
