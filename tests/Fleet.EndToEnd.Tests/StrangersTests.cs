using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Fleet.Demo.Clients;
using Fleet.Demo.Fleets;
using Xunit.Abstractions;

namespace Fleet.EndToEnd.Tests;

/// <summary>What is promised while strangers do their worst at the coordinator's port: docs/LIMITS.md.</summary>
public sealed class StrangersTests(ITestOutputHelper output) : IDisposable
{
    private const long RssMaxKiB = 400 * 1000 * 1000 / 1024;
    private static readonly TimeSpan JoinMax = TimeSpan.FromSeconds(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-e2e-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ten_thousand_slow_requests_a_thousand_silent_websockets_and_sixteen_deaf_nodes_hold_up_no_node()
    {
        await using var fleet = new FleetProcesses(new FleetPlan(_folder));
        await fleet.StartAsync(CancellationToken.None);
        await fleet.Api.UntilAsync(map => FleetApi.IsSettled(map, 4), LivingFleet.Patience, "the fleet to form", CancellationToken.None);
        var coordinator = new IPEndPoint(IPAddress.Parse(fleet.Api.Url.Host), fleet.Api.Url.Port);
        using var stalls = new StallMeter();
        await using var node = new LinkClient();
        await node.JoinAsync(coordinator, "timer");
        node.Latencies();
        await Task.Delay(TimeSpan.FromSeconds(2));
        var usual = node.Latencies().Max();
        stalls.Longest();

        using var crowd = new StrangerCrowd(coordinator, slow: 10_000, silent: 1000, deaf: 16);
        await crowd.AllThere.WaitAsync(TimeSpan.FromSeconds(20));
        var join = await JoinAsync(coordinator, "newcomer");
        var real = await StartNodeAsync(fleet, "adc-5");
        await Task.Delay(TimeSpan.FromSeconds(6));
        var asked = Stopwatch.GetTimestamp();
        await fleet.Api.ClusterAsync(CancellationToken.None);
        var answer = Stopwatch.GetElapsedTime(asked);
        var later = await JoinAsync(coordinator, "late-comer");

        var (latencies, stall) = (node.Latencies(), stalls.Longest());
        var rss = PeakKiB(fleet.Coordinator!.Pid);
        output.WriteLine(
            $"{latencies.Length} heartbeats, acknowledged in {latencies.Max().TotalMilliseconds:0.0} ms at most, {usual.TotalMilliseconds:0.0} ms "
            + $"before; the machine stood still for "
            + $"{stall.TotalMilliseconds:0.0} ms; peak of the coordinator's memory {rss / 1000:0} MB; {crowd.Connected} connections of strangers; "
            + $"nodes joined in {join.TotalMilliseconds:0}, {real.TotalMilliseconds:0} and {later.TotalMilliseconds:0} ms, a request was answered "
            + $"in {answer.TotalMilliseconds:0} ms");
        latencies.Length.ShouldBeGreaterThan(50);
        latencies.Max().ShouldBeLessThan(usual + LinkClient.Period + stall);
        rss.ShouldBeLessThan(RssMaxKiB);
        join.ShouldBeLessThan(JoinMax);
        real.ShouldBeLessThan(JoinMax);
        later.ShouldBeLessThan(JoinMax);
        answer.ShouldBeLessThan(JoinMax);
        fleet.Casualty.ShouldBeNull();
    }

    private static async Task<TimeSpan> JoinAsync(IPEndPoint coordinator, string name)
    {
        await using var node = new LinkClient();
        return await node.JoinAsync(coordinator, name);
    }

    /// <summary>How long it takes from the moment at which the agent's own API answers until it has a map.</summary>
    private static async Task<TimeSpan> StartNodeAsync(FleetProcesses fleet, string name)
    {
        var api = fleet.StartNode(name).Api;
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        var patience = Stopwatch.GetTimestamp();
        long answered = 0;
        while (Stopwatch.GetElapsedTime(patience) < TimeSpan.FromSeconds(20))
        {
            try
            {
                using var status = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://{api}/v1/status")));
                answered = answered == 0 ? Stopwatch.GetTimestamp() : answered;
                if (status.RootElement.GetProperty("map").GetProperty("revision").GetInt64() > 0)
                    return Stopwatch.GetElapsedTime(answered);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // It is still starting.
            }

            await Task.Delay(10);
        }

        throw new TimeoutException($"{name} has no map after 20 s.");
    }

    private static long PeakKiB(int pid) => long.Parse(
        File
            .ReadLines($"/proc/{pid}/status")
            .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);

    /// <summary>For how long the machine lets a thread wait that is ready to run: what a heartbeat takes beyond that is the fleet's.</summary>
    private sealed class StallMeter : IDisposable
    {
        private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(5);

        private readonly ManualResetEventSlim _stop = new();
        private readonly Thread _thread;
        private long _longest;

        public StallMeter()
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "stalls" };
            _thread.Start();
        }

        /// <summary>Since this was last asked.</summary>
        public TimeSpan Longest() => TimeSpan.FromTicks(Interlocked.Exchange(ref _longest, 0));

        public void Dispose()
        {
            _stop.Set();
            _thread.Join();
            _stop.Dispose();
        }

        private void Run()
        {
            for (var began = Stopwatch.GetTimestamp(); !_stop.Wait(Nap); began = Stopwatch.GetTimestamp())
            {
                var excess = (Stopwatch.GetElapsedTime(began) - Nap).Ticks;
                if (excess > Interlocked.Read(ref _longest))
                    Interlocked.Exchange(ref _longest, excess);
            }
        }
    }
}
