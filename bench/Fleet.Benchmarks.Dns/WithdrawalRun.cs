using System.Diagnostics;
using System.Globalization;
using Fleet.Benchmarks.Dns.Scenario;
using Fleet.Benchmarks.Dns.Servers;
using Fleet.Benchmarks.Report;

namespace Fleet.Benchmarks.Dns;

/// <summary>
/// From the moment a node has a map to the last answer that is older than it, under full load, in a process with the settings of fleet-node.
/// </summary>
public sealed class WithdrawalRun(DnsOptions options, TextWriter output)
{
    private const int Publications = 200;
    private const double MicrosMax = 1000;

    public IEnumerable<Figure> Run()
    {
        var figures = new List<Figure>();
        var table = new TextTable("last stale answer", "publications", "p50 us", "p99 us", "max us", "none at all");
        foreach (var workload in new[] { options.Workload, DnsOptions.Large })
        {
            var all = Measure(workload);
            var what = $"{workload.Names:N0} names, {workload.Prefixes:N0} prefixes";
            table.Add(what, $"{all.Count}", $"{all.Median:0}", $"{all.At(0.99):0}", $"{all.Max:0}", $"{all.PartUpTo(0):P0}");
            figures.Add(new Figure($"last stale answer, {what}: p50", all.Median, MicrosMax, " us"));
            figures.Add(new Figure($"last stale answer, {what}: p99", all.At(0.99), MicrosMax, " us"));
            figures.Add(new Figure($"last stale answer, {what}: max", all.Max, null, " us"));
        }

        table.Print(output);
        return figures;
    }

    private static Distribution Measure(Workload workload)
    {
        var launch = Fleets.Child("withdraw", "--names", $"{workload.Names}", "--prefixes", $"{workload.Prefixes}", "--rounds", $"{Publications}");
        string[] bothCores = ["-c", "0,1", launch.Program, .. launch.Arguments];
        using var child = Process.Start(new ProcessStartInfo("taskset", bothCores) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var all = new Distribution();
        while (child.StandardOutput.ReadLine() is { } line)
            all.Add(double.Parse(line, CultureInfo.InvariantCulture));
        child.WaitForExit();
        return all.Count == Publications ? all : throw new InvalidOperationException("the withdrawal run ended early");
    }
}
