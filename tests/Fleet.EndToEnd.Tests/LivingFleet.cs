using System.Net;
using Fleet.Demo.Clients;
using Fleet.Demo.Fleets;
using Fleet.Demo.Scenario;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.EndToEnd.Tests;

/// <summary>A fleet of real processes under traffic and probes, for one test; all of it is gone when this is disposed.</summary>
public sealed class LivingFleet : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-e2e-").FullName;
    private Task _clients = Task.CompletedTask;

    // Two VIPs a node: what is measured is the fleet, not how long a probe waits for one of two cores.
    private LivingFleet(int nodes, IFleetWires? wires, Func<FleetPlan, FleetPlan> plan) =>
        Processes = new FleetProcesses(plan(new FleetPlan(_folder, nodes, Vips: 2 * nodes, Wires: wires)));

    public MonotonicClock Clock => MonotonicClock.System;

    internal FleetProcesses Processes { get; }

    internal FleetApi Api => Processes.Api;

    public FleetMap Formed { get; private set; } = FleetMap.Empty;

    internal VipProbes Probes { get; private set; } = null!;

    internal Traffic Traffic { get; private set; } = null!;

    /// <summary>
    /// Two probes apart is what a VIP of an untouched node shows on a machine that has time; what such a VIP stood still for beyond that, the machine
    /// did, and the bound is on the fleet.
    /// </summary>
    public static double Excess(double stallMs) => Math.Max(0, stallMs - 10);

    /// <summary>Every VIP is served, and has been for two seconds of traffic, when this returns.</summary>
    /// <param name="plan">What else is to be other than usual.</param>
    internal static async Task<LivingFleet> StartAsync(int nodes = 4, IFleetWires? wires = null, Func<FleetPlan, FleetPlan>? plan = null)
    {
        var fleet = new LivingFleet(nodes, wires, plan ?? (usual => usual));
        try
        {
            await fleet.Processes.StartAsync(CancellationToken.None);
            fleet.Formed = await fleet.SettledAsync(nodes);
            var vips = fleet.Formed.Vips.Keys.Select(v => new IPEndPoint(v.Value, FleetNetwork.ServicePort)).ToArray();
            fleet.Probes = new VipProbes(vips, fleet.Clock);
            fleet.Traffic = new Traffic(
                new Resolver(() => fleet.Processes.DnsServers), FleetPlan.ServiceHost, FleetNetwork.ServicePort, fleet.Clock);
            fleet._clients = Task.WhenAll(fleet.Probes.RunAsync(fleet._stop.Token), fleet.Traffic.RunAsync(fleet._stop.Token));
            await Task.Delay(TimeSpan.FromSeconds(2));
            return fleet;
        }
        catch (Exception e)
        {
            var logs = fleet.Logs();
            await fleet.DisposeAsync();
            throw new InvalidOperationException($"The fleet did not form: {e.Message}\n{logs}", e);
        }
    }

    public Task<FleetMap> SettledAsync(int nodesUp) =>
        Api.UntilAsync(map => FleetApi.IsSettled(map, nodesUp), Patience, $"{nodesUp} nodes to share the VIPs", CancellationToken.None);

    public Task<FleetMap> UntilAsync(Func<FleetMap, bool> isSo, string what) => Api.UntilAsync(isSo, Patience, what, CancellationToken.None);

    public async Task StopClientsAsync()
    {
        await _stop.CancelAsync();
        await _clients;
    }

    public TimeSpan LongestOutage(IEnumerable<VipAddress> vips, Instant from, Instant until) =>
        vips.Max(v => Verdicts.Outage(Probes.Samples(v.Value), from, until));

    public TimeSpan DualOwner() => TimeSpan.FromTicks(Formed.Vips.Keys.Sum(v => Verdicts.DualOwner(Probes.Samples(v.Value)).Ticks));

    /// <summary>Requests under way in a window that failed and had not tried any of these VIPs.</summary>
    public int FailedElsewhere(IEnumerable<VipAddress> excused, Instant from, Instant until) =>
        Verdicts.FailedElsewhere(
            Traffic.Samples.Where(r => r.Done >= from && r.Sent <= until), excused.ToDictionary(v => v.Value, _ => (from, until)));

    /// <summary>What went wrong with requests under way in a window, for a failure's message.</summary>
    public string Failures(Instant from, Instant until) => string.Join('\n', Traffic.Samples.Where(r => !r.IsOk && r.Done >= from && r.Sent <= until)
        .Select(r =>
            $"sent {(r.Sent - from).TotalMilliseconds:0} ms, failed {(r.Done - from).TotalMilliseconds:0} ms after: {r.Failure}, tried "
            + $"{string.Join(", ", r.Tried)}"));

    /// <summary>A file of the test's own, which goes with the fleet.</summary>
    public string File(string name) => Path.Combine(_folder, name);

    private static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    /// <summary>The ends of all logs, for a failure's message.</summary>
    public string Logs() => string.Join('\n', Directory.EnumerateFiles(_folder, "*.log", SearchOption.AllDirectories).Order()
        .Select(f => $"--- {Path.GetFileName(f)}\n{string.Join('\n', System.IO.File.ReadLines(f).TakeLast(8))}"));

    /// <summary>All that programs of this fleet have said whose names begin so.</summary>
    public string LogsOf(string name) =>
        string.Join('\n', Directory.EnumerateFiles(_folder, $"{name}*.log", SearchOption.AllDirectories).Order().Select(ReadShared));

    public async ValueTask DisposeAsync()
    {
        await StopClientsAsync();
        await Processes.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
