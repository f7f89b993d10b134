using Fleet.Benchmarks.Dns.Load;
using Fleet.Benchmarks.Dns.Servers;
using Fleet.Benchmarks.Report;

namespace Fleet.Benchmarks.Dns;

/// <summary>Fleet beside the other servers and a bare echo: peak, CPU time per query, loss and latency at 85 % of the peak.</summary>
public sealed class PeerRun(DnsOptions options, TextWriter output)
{
    private const double OpenPart = 0.85;
    private const string Own = "fleet";

    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var stable = new Stable(output);
        await stable.StartAsync(Contenders());
        var board = new Scoreboard(options, stable.Servers);
        var peaks = board.Peaks();
        var open = board.AtRates("85 %", server => OpenPart * Spread.Measure(peaks[server].Select(result => result.PerSecond)).Median);
        Print(stable.Servers, peaks, open);
        output.WriteLine(board.TellDisturbed());
        output.WriteLine();
        return [.. Compare(stable.Servers, peaks, open)];
    }

    private IEnumerable<Contender> Contenders()
    {
        var workload = options.Workload;
        Contender[] others =
        [
            CEcho.Create(workload),
            Fleets.Echo(workload),
            Gdnsd.Create(workload),
            Knot.Create(workload),
            Nsd.Create(workload),
            PowerDns.Create(workload),
        ];
        return others.Where(other => options.Peers.Length == 0 || options.Peers.Contains(other.Name)).Prepend(Fleets.Own(workload));
    }

    private void Print(
        IReadOnlyList<RunningServer> servers,
        IReadOnlyDictionary<RunningServer, LoadResult[]> peaks,
        IReadOnlyDictionary<RunningServer, LoadResult[]> open)
    {
        var own = peaks[servers[0]];
        var table = new TextTable(
            "server", "queries/s", "min", "max", "fleet / it", "CPU us/query", "busy", "at 85 %: loss", "p50 us", "p99 us", "setting");
        foreach (var server in servers)
        {
            var (peak, at85) = (peaks[server], open[server]);
            var rate = Spread.Measure(peak.Select(result => result.PerSecond));
            table.Add(
                server.Contender.Name, $"{rate.Median:0}", $"{rate.Min:0}", $"{rate.Max:0}",
                $"{Spread.OfRatios(own.Select(result => result.PerSecond), peak.Select(result => result.PerSecond)).Median:0.000}",
                $"{Spread.Measure(peak.Select(result => result.CpuMicrosPerQuery)).Median:0.00}",
                $"{Spread.Measure(peak.Select(result => result.ServerBusy)).Median:P0}",
                $"{Spread.Measure(at85.Select(result => result.LossPart)).Median:P3}",
                $"{Spread.Measure(at85.Select(result => result.P50Micros)).Median:0}",
                $"{Spread.Measure(at85.Select(result => result.P99Micros)).Median:0}", server.Contender.Setting);
        }

        table.Print(output);
    }

    private static IEnumerable<Figure> Compare(
        IReadOnlyList<RunningServer> servers,
        IReadOnlyDictionary<RunningServer, LoadResult[]> peaks,
        IReadOnlyDictionary<RunningServer, LoadResult[]> open)
    {
        LoadResult[]? Of(string name) => servers.FirstOrDefault(server => server.Contender.Name == name) is { } server ? peaks[server] : null;
        var own = Of(Own)!;
        double By(LoadResult[] other, Func<LoadResult, double> figure) => Spread.OfRatios(own.Select(figure), other.Select(figure)).Median;

        if (Of("gdnsd") is { } gdnsd)
        {
            yield return new Figure("queries/s by gdnsd's", By(gdnsd, result => result.PerSecond), 1.10, IsLeast: true);
            yield return new Figure("server CPU per query by gdnsd's", By(gdnsd, result => result.CpuMicrosPerQuery), 0.90);
        }

        if (Of("nsd") is { } nsd)
            yield return new Figure("queries/s by NSD's", By(nsd, result => result.PerSecond), 1.03, IsLeast: true);
        if ((Of("echo-c") ?? Of("echo-cs")) is { } echo)
            yield return new Figure("queries/s by a bare echo's", By(echo, result => result.PerSecond), 0.93, IsLeast: true);
        yield return new Figure(
            "lost at 85 % of the peak", 100 * Spread.Measure(open[servers[0]].Select(result => result.LossPart)).Median, 0.1, " %");
        yield return new Figure("wrong answers", peaks.Values.Concat(open.Values).Sum(results => results.Sum(result => result.Wrong)), 0);
    }
}
