using System.Collections.Immutable;
using Fleet.Placement.Advice;
using Fleet.Shared.Model;

namespace Fleet.Placement.Documents;

/// <summary>What <c>pbm advise --json</c> prints.</summary>
/// <param name="Version">The map that target and appliance were taken from; null when they were given.</param>
/// <param name="Fleet">What the existing fleet lacks or can spare; null when none was asked about.</param>
public sealed record AdviceDocument(MapVersion? Version, Wish Wish, ImmutableArray<FleetSize> Sizes, Shortfall? Fleet);

/// <summary>What <c>pbm advise --service-demand --json</c> prints.</summary>
/// <param name="Version">The map that nodes and policy were taken from; null when they were given.</param>
/// <param name="SmallestBps">The capacity of the smallest node.</param>
/// <param name="Nodes">How many may have the service's VIPs.</param>
public sealed record ServiceAdviceDocument(MapVersion? Version, long DemandBps, long SmallestBps, double ShareMax, int Nodes, ShareSize Size);
