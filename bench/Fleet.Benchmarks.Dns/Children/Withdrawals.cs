using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Fleet.Benchmarks.Dns.Load;
using Fleet.Benchmarks.Dns.Machine;
using Fleet.Benchmarks.Dns.Scenario;
using Fleet.Node.Gslb;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Benchmarks.Dns.Children;

/// <summary>
/// Publishes maps while the server is asked as fast as it can answer. Each withdraws the address that was answered before. Prints for each how long,
/// in microseconds from when the map was handed over to when it arrived at the client, the last stale answer took; 0 where none came later than the
/// map.
/// </summary>
public sealed class Withdrawals(Workload workload, int publications)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(20);

    /// <summary>When each of the two addresses was last seen in an answer.</summary>
    private readonly long[] _seenAt = new long[Workload.AddressesPerSite];
    private bool _isOver;

    public async Task<int> RunAsync()
    {
        var clock = MonotonicClock.System;
        await using var server = new DnsServer(new DnsServerOptions { UdpThreads = 1 }, clock, NullLogger<DnsServer>.Instance);
        var zones = new ZoneMaker();
        var map = BenchMap.Create(workload);
        server.Publish(zones.Make(map, null, clock.Now));
        OnCore(Cores.OfServer, () => server.Start(new IPEndPoint(IPAddress.Loopback, 0))).Join();
        var asking = OnCore(Cores.OfGenerator, () => Ask(server.Endpoint));
        await Task.Delay(WarmUp);
        for (var i = 0; i < publications; i++)
        {
            (map, var change) = BenchMap.ServeOnly(map, i % Workload.AddressesPerSite);
            await Task.Delay(Settling);
            var handedOver = Stopwatch.GetTimestamp();
            server.Publish(zones.Make(map, change, clock.Now));
            await Task.Delay(Settling);
            var stale = Volatile.Read(ref _seenAt[(i + 1) % Workload.AddressesPerSite]);
            Console.WriteLine(Math.Max(0, (stale - handedOver) * 1e6 / Stopwatch.Frequency).ToString("0.0", CultureInfo.InvariantCulture));
        }

        Volatile.Write(ref _isOver, true);
        asking.Join();
        return 0;
    }

    private static Thread OnCore(int core, Action work)
    {
        var thread = new Thread(() =>
        {
            Cores.TakeForThisThread(core);
            work();
        });
        thread.Start();
        return thread;
    }

    /// <summary>Asks for the first name on behalf of a client of the first site, 256 queries under way.</summary>
    private void Ask(IPEndPoint server)
    {
        const int window = 256;
        var queries = new QuerySet(workload with { Names = 1 });
        var addressAt = queries.AnswerAt + 12;
        uint[] addresses =
        [
            .. Enumerable
                .Range(0, _seenAt.Length)
                .Select(which => BinaryPrimitives.ReadUInt32BigEndian(Workload.Address(0, 0, which).GetAddressBytes())),
        ];
        var network = Workload.Network(Enumerable.Range(0, workload.Prefixes).First(prefix => Workload.SiteOf(prefix) == 0));
        using var socket = new BatchSocket(server, queries.Length);
        for (var i = 0; i < BatchSocket.Batch; i++)
            queries.Write(0, (ushort)i, network, socket.Query(i));
        for (var (underWay, heardAt) = (0, Stopwatch.GetTimestamp()); !Volatile.Read(ref _isOver);)
        {
            for (; underWay + BatchSocket.Batch <= window; underWay += BatchSocket.Batch)
                socket.Send(BatchSocket.Batch);
            var count = socket.Receive();
            var now = Stopwatch.GetTimestamp();
            underWay -= count;
            if (count > 0)
                heardAt = now;
            else if (Stopwatch.GetElapsedTime(heardAt, now) > WarmUp)
                underWay = 0; // lost on the way
            for (var i = 0; i < count; i++)
            {
                var answer = socket.Answer(i);
                var which = answer.Length < addressAt + 4
                    ? -1
                    : addresses.AsSpan().IndexOf(BinaryPrimitives.ReadUInt32BigEndian(answer[addressAt..]));
                if (which >= 0)
                    Volatile.Write(ref _seenAt[which], now);
            }
        }
    }
}
