using Fleet.Benchmarks.Dns.Load;
using Fleet.Benchmarks.Dns.Servers;

namespace Fleet.Benchmarks.Dns;

/// <summary>Measures servers in turn, round by round. Only the one that is measured runs; the others stand still.</summary>
public sealed class Scoreboard(DnsOptions options, IReadOnlyList<RunningServer> servers)
{
    /// <summary>When server or generator had to wait for their cores longer than this part of the time, a measurement is made again.</summary>
    private const double WaitedMax = 0.02;
    private const int TriesMax = 3;
    private static readonly TimeSpan WarmUpMax = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan FirstWarmUp = TimeSpan.FromSeconds(1);
    private readonly Dictionary<RunningServer, QuerySet> _queries = servers.ToDictionary(
        server => server, server => new QuerySet(server.Contender.Workload, server.Contender.IsSigned));

    private TimeSpan WarmUp => options.Duration / 2 < WarmUpMax ? options.Duration / 2 : WarmUpMax;

    /// <summary>How many measurements were made again because others took too much of the machine, and how many kept although they did.</summary>
    public (int Repeated, int Kept) Disturbed { get; private set; }

    public string TellDisturbed() =>
        $"Measured again because others used the machine: {Disturbed.Repeated}; kept although they did: {Disturbed.Kept}.";

    /// <summary>The closed loop: each server's results, round by round.</summary>
    public IReadOnlyDictionary<RunningServer, LoadResult[]> Peaks() =>
        Measure("peak", (server, generator) => generator.Closed(options.Window, WarmUp, options.Duration, server.Family));

    /// <summary>The open loop at a rate for each server, in queries per second.</summary>
    public IReadOnlyDictionary<RunningServer, LoadResult[]> AtRates(string what, Func<RunningServer, double> rate) =>
        Measure(what, (server, generator) => generator.Open(rate(server), WarmUp, options.Duration, server.Family));

    private Dictionary<RunningServer, LoadResult[]> Measure(string what, Func<RunningServer, LoadGenerator, LoadResult> run)
    {
        foreach (var server in servers)
            server.SetRunning(false);
        WarmUpAll();
        var results = servers.ToDictionary(server => server, _ => new LoadResult[options.Rounds]);
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var server in servers)
            {
                server.SetRunning(true);
                using var generator = new LoadGenerator(server.Endpoint, _queries[server], server.Contender.Workload, server.Contender.IsEcho);
                results[server][round] = Undisturbed(server, () => run(server, generator));
                server.SetRunning(false);
                Breathe();
            }

            Console.Error.WriteLine(
                $"{what}: round {round + 1} of {options.Rounds}: "
                + $"{string.Join(", ", servers.Select(server => $"{server.Contender.Name} {results[server][round].PerSecond / 1000:0}k"))}");
        }

        foreach (var server in servers)
            server.SetRunning(true);
        return results;
    }

    /// <summary>Runtimes that compile hot code anew do so now, and caches fill.</summary>
    private void WarmUpAll()
    {
        foreach (var server in servers)
        {
            server.SetRunning(true);
            using var generator = new LoadGenerator(server.Endpoint, _queries[server], server.Contender.Workload, server.Contender.IsEcho);
            for (var warm = TimeSpan.Zero; warm < FirstWarmUp; warm += options.Duration)
            {
                generator.Closed(options.Window, TimeSpan.Zero, options.Duration, server.Family);
                Breathe();
            }

            server.SetRunning(false);
        }
    }

    /// <summary>With priority over everybody, everybody else gets a turn between two measurements.</summary>
    private void Breathe()
    {
        if (options.HasPriority)
            Task.Delay(options.Duration).Wait();
    }

    private LoadResult Undisturbed(RunningServer server, Func<LoadResult> run)
    {
        double Waited(LoadResult result) => result.GeneratorWaited + (server.Contender.WaitsForItself ? 0 : result.ServerWaited);
        var result = run();
        for (var tries = 1; Waited(result) > WaitedMax && tries < TriesMax; tries++)
        {
            Disturbed = (Disturbed.Repeated + 1, Disturbed.Kept);
            Breathe();
            var again = run();
            if (Waited(again) < Waited(result))
                result = again;
        }

        if (Waited(result) > WaitedMax)
            Disturbed = (Disturbed.Repeated, Disturbed.Kept + 1);
        return result;
    }
}
