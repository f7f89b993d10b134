using System.Net;
using Fleet.Benchmarks.Dns.Scenario;
using Fleet.Node.Gslb;
using Fleet.Node.Gslb.Answering;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Benchmarks.Dns.Children;

/// <summary>Fleet's own DNS server with the map of a workload, and nothing else of a node. Runs until its standard input ends.</summary>
public static class FleetServer
{
    /// <param name="changeEvery">How often a VIP moves; null is never.</param>
    public static async Task<int> RunAsync(int port, Workload workload, TimeSpan? changeEvery)
    {
        var clock = MonotonicClock.System;
        await using var server = new DnsServer(new DnsServerOptions { UdpThreads = 1 }, clock, NullLogger<DnsServer>.Instance);
        var map = BenchMap.Of(workload);
        server.Publish(ZoneSnapshot.From(map, clock.Now));
        server.Start(new IPEndPoint(IPAddress.Loopback, port));
        using var end = new CancellationTokenSource();
        var moving = changeEvery is { } period ? MoveAsync(period, end.Token) : Task.CompletedTask;
        await Console.In.ReadToEndAsync(end.Token);
        await end.CancelAsync();
        await moving;
        return 0;

        async Task MoveAsync(TimeSpan period, CancellationToken stop)
        {
            using var timer = new PeriodicTimer(period);
            for (var move = 0; !stop.IsCancellationRequested; move++)
            {
                map = BenchMap.Move(map, workload, move);
                server.Publish(ZoneSnapshot.From(map, clock.Now));
                try
                {
                    await timer.WaitForNextTickAsync(stop);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
