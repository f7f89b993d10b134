using Fleet.Benchmarks.Faults.Faults;

namespace Fleet.Benchmarks.Faults;

/// <param name="Count">How many faults; spread over <paramref name="Lasts"/>.</param>
/// <param name="Folder">Data and logs of the coordinators, and what was done to them.</param>
internal sealed record FaultsOptions(
    int Seed, int Count, TimeSpan Lasts, int Coordinators, IReadOnlyList<VictimKind> Victims, bool WithPostgres, string Folder);
