namespace Fleet.Benchmarks.Dns.Load;

/// <summary>What one run of the generator saw in its measured time.</summary>
/// <param name="Seconds">How long was measured.</param>
/// <param name="Sent">Queries sent.</param>
/// <param name="Answered">Queries answered in time.</param>
/// <param name="Wrong">Answers that are no response, tell an error, or hold no record.</param>
/// <param name="Lost">Queries without an answer in time.</param>
/// <param name="P50Micros">From when a query was due to its answer, the median.</param>
/// <param name="P99Micros">The same, 99 of 100.</param>
/// <param name="ServerCpuSeconds">CPU time the server took meanwhile.</param>
public readonly record struct LoadResult(
    double Seconds, long Sent, long Answered, long Wrong, long Lost, double P50Micros, double P99Micros, double ServerCpuSeconds)
{
    /// <summary>For what part of the time the server was ready to run while somebody else had its core.</summary>
    public double ServerWaited { get; init; }

    /// <summary>The same of the generator.</summary>
    public double GeneratorWaited { get; init; }

    public double PerSecond => Answered / Seconds;

    public double LossPart => Sent == 0 ? 0 : (double)Lost / Sent;

    public double CpuMicrosPerQuery => Answered == 0 ? 0 : ServerCpuSeconds * 1e6 / Answered;

    public double ServerBusy => ServerCpuSeconds / Seconds;
}
