using System.Diagnostics;
using System.Globalization;
using Fleet.Benchmarks.Dns.Load;
using Fleet.Benchmarks.Dns.Scenario;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Dns.Children;

/// <summary>
/// What reading a query and deciding and writing its answer costs, without the kernel: prints nanoseconds of each of many short runs.
/// </summary>
public static class Deciding
{
    private const int Queries = 4096;

    public static int Run(Workload workload, int runs)
    {
        var zone = new ZoneMaker().Make(BenchMap.Create(workload), null, default);
        var queries = new QuerySet(workload);
        var random = new Random(1);
        var asked = Enumerable.Range(0, Queries).Select(_ =>
        {
            var query = new byte[queries.Length];
            queries.Write(random.Next(workload.Names), 1, Workload.Network(random.Next(workload.Networks)), query);
            return query;
        }).ToArray();
        var answer = new byte[Edns.PayloadSafe];
        var lane = new Lane(1);
        for (var run = 0; run < runs; run++)
        {
            var since = Stopwatch.GetTimestamp();
            foreach (var query in asked)
                Responder.Respond(zone, query, answer, new Arrival([127, 0, 0, 1], overTcp: false, default(Instant)), lane);
            Console.WriteLine((Stopwatch.GetElapsedTime(since).TotalNanoseconds / Queries).ToString("0.0", CultureInfo.InvariantCulture));
        }

        return 0;
    }
}
