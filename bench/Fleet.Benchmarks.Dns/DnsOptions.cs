using Fleet.Benchmarks.Dns.Scenario;

namespace Fleet.Benchmarks.Dns;

/// <summary>What to run.</summary>
/// <param name="Rounds">How often each server is measured, in turn with the others.</param>
/// <param name="Seconds">How long each time.</param>
/// <param name="Window">Queries under way in the closed loop.</param>
/// <param name="Peers">Names of the servers beside Fleet's; empty is all that are installed.</param>
/// <param name="HasPriority">Server and generator go before everything else on the machine, with pauses in between.</param>
/// <param name="Only">The one part to run; null runs all.</param>
public sealed record DnsOptions(
    int Rounds, double Seconds, int Window, Workload Workload, string[] Peers, DnsPart? Only, bool HasPriority, bool AsJson)
{
    public static readonly Workload Large = new(10_000, 100_000);

    public static readonly TimeSpan ChangeEvery = TimeSpan.FromMilliseconds(100);

    public TimeSpan Duration => TimeSpan.FromSeconds(Seconds);

    public bool Runs(DnsPart part) => Only is null || Only == part;
}

/// <summary>A part of the benchmark.</summary>
public enum DnsPart
{
    /// <summary>Beside other servers.</summary>
    Peers,

    /// <summary>Large maps, and maps that change.</summary>
    Changes,

    /// <summary>Queries with DO, answered with signatures.</summary>
    Signed,

    /// <summary>How long stale answers go on.</summary>
    Withdrawal,
}
