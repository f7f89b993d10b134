using System.Collections.Immutable;
using Fleet.Benchmarks.Storm.Faults;

namespace Fleet.Benchmarks.Storm;

/// <summary>What to run.</summary>
/// <param name="Seed">Draws the faults.</param>
/// <param name="Lasts">From the moment at which the fleet has formed.</param>
/// <param name="Folder">Data and logs.</param>
/// <param name="Keep">Keep the folder although nothing failed.</param>
public sealed record StormOptions(int Seed, TimeSpan Lasts, int Nodes, ImmutableArray<FaultKind> Kinds, string Folder, bool Keep);
