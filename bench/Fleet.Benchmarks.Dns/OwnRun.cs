using Fleet.Benchmarks.Dns.Load;
using Fleet.Benchmarks.Dns.Servers;
using Fleet.Benchmarks.Report;

namespace Fleet.Benchmarks.Dns;

/// <summary>Fleet beside itself: with a large map, with a map that changes ten times a second, and with signed answers.</summary>
public sealed class OwnRun(DnsOptions options, TextWriter output)
{
    /// <summary>Latency is compared at this part of the plain server's peak, the same rate for all.</summary>
    private const double LatencyPart = 0.5;

    public async Task<IReadOnlyList<Figure>> ChangesAsync()
    {
        var (peaks, open) = await MeasureAsync(
            [Fleets.Own(options.Workload), Fleets.Large(DnsOptions.Large), Fleets.Changing(DnsOptions.Large, DnsOptions.ChangeEvery)]);
        double P99(int server) => Spread.Measure(open[server].Select(result => result.P99Micros)).Median;
        return
        [
            new Figure("queries/s with 10,000 names and 100,000 prefixes, by the plain server's", Ratio(peaks[1], peaks[0]), null),
            new Figure(
                "queries/s with 10,000 names, 100,000 prefixes and a change every 100 ms, by the plain server's",
                Ratio(peaks[2], peaks[0]),
                0.95,
                IsLeast: true),
            new Figure("queries/s with a change every 100 ms, by the same map's without", Ratio(peaks[2], peaks[1]), 0.95, IsLeast: true),
            new Figure("p99 with changes by p99 of the same map without, at half the peak", P99(2) / P99(1), null),
            new Figure(
                "p99 with changes, above the slowest round without",
                P99(2) - Spread.Measure(open[1].Select(result => result.P99Micros)).Max,
                0,
                " us"),
        ];
    }

    public async Task<IReadOnlyList<Figure>> SignedAsync()
    {
        var (peaks, _) = await MeasureAsync([Fleets.Own(options.Workload), Fleets.Signed(options.Workload)]);
        return [new Figure("queries/s with signed answers from the cache, by unsigned", Ratio(peaks[1], peaks[0]), 0.80, IsLeast: true)];
    }

    private static double Ratio(LoadResult[] figures, LoadResult[] others) =>
        Spread.OfRatios(figures.Select(result => result.PerSecond), others.Select(result => result.PerSecond)).Median;

    private async Task<(LoadResult[][] Peaks, LoadResult[][] Open)> MeasureAsync(Contender[] contenders)
    {
        using var stable = new Stable(output);
        await stable.StartAsync(contenders);
        var board = new Scoreboard(options, stable.Servers);
        var peaks = board.Peaks();
        var rate = LatencyPart * Spread.Measure(peaks[stable.Servers[0]].Select(result => result.PerSecond)).Median;
        var open = board.AtRates($"{rate:0}/s", _ => rate);
        var table = new TextTable(
            "server", "queries/s", "min", "max", "CPU us/query", "busy", "loss at half", "p50 us", "p99 us", "p99 min", "p99 max", "setting");
        foreach (var server in stable.Servers)
        {
            var peak = Spread.Measure(peaks[server].Select(result => result.PerSecond));
            var p99 = Spread.Measure(open[server].Select(result => result.P99Micros));
            table.Add(
                server.Contender.Name,
                $"{peak.Median:0}",
                $"{peak.Min:0}",
                $"{peak.Max:0}",
                $"{Spread.Measure(peaks[server].Select(result => result.CpuMicrosPerQuery)).Median:0.00}",
                $"{Spread.Measure(peaks[server].Select(result => result.ServerBusy)).Median:P0}",
                $"{Spread.Measure(open[server].Select(result => result.LossPart)).Median:P3}",
                $"{Spread.Measure(open[server].Select(result => result.P50Micros)).Median:0}",
                $"{p99.Median:0}",
                $"{p99.Min:0}",
                $"{p99.Max:0}",
                server.Contender.Setting);
        }

        table.Print(output);
        output.WriteLine(board.TellDisturbed());
        output.WriteLine();
        return ([.. stable.Servers.Select(server => peaks[server])], [.. stable.Servers.Select(server => open[server])]);
    }
}
