using System.Net;
using System.Security.Cryptography;
using Fleet.Benchmarks.Dns.Scenario;
using Fleet.Node.Gslb;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;
using Fleet.Shared.Map;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Benchmarks.Dns.Children;

/// <summary>Fleet's own DNS server with the map of a workload, and nothing else of a node. Runs until its standard input ends.</summary>
public static class FleetServer
{
    private const ushort ZoneKeyFlags = 257;

    /// <param name="changeEvery">How often a VIP moves; null is never.</param>
    public static async Task<int> RunAsync(int port, Workload workload, TimeSpan? changeEvery, bool isSigned)
    {
        var clock = MonotonicClock.System;
        await using var server = new DnsServer(new DnsServerOptions { UdpThreads = 1 }, clock, NullLogger<DnsServer>.Instance);
        var zones = new ZoneMaker();
        var map = BenchMap.Create(workload);
        server.Publish(zones.Make(map, null, clock.Now));
        if (isSigned)
            server.Publish(Keys(clock));
        server.Start(new IPEndPoint(IPAddress.Loopback, port));
        using var end = new CancellationTokenSource();
        var moving = changeEvery is { } period ? MoveAsync(server, zones, map, workload, clock, period, end.Token) : Task.CompletedTask;
        await Console.In.ReadToEndAsync(end.Token);
        await end.CancelAsync();
        await moving;
        return 0;
    }

    private static async Task MoveAsync(
        DnsServer server, ZoneMaker zones, FleetMap map, Workload workload, MonotonicClock clock, TimeSpan period, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(period);
        for (var move = 0; !stop.IsCancellationRequested; move++)
        {
            (map, var change) = BenchMap.Move(map, workload, move);
            server.Publish(zones.Make(map, change, clock.Now));
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

    private static KeyRing Keys(MonotonicClock clock)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = clock.Time.GetUtcNow().ToUnixTimeSeconds();
        return KeyRing.Create(
            [ZoneKey.FromPair(DnsName.Parse(Workload.Zone), ZoneKeyFlags, new KeyTimes { Created = now, Publish = now, Activate = now }, pair)],
            now,
            1);
    }
}
