using System.Globalization;
using Fleet.Demo.Clients;
using Fleet.Demo.Fleets;
using Fleet.Demo.Processes;
using Fleet.Shared.Shell;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// A machine without spare time: what leases hang on goes before what does not. A fleet of one node has no witnesses, so each late renewal would
/// show.
/// </summary>
public sealed class BusyMachineTests
{
    private const int RealTime = 2; // SCHED_RR
    private const int LoopsPerCore = 2;
    private static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(10);

    [PriorityFact]
    public async Task Lease_of_a_fleet_of_one_node_never_ends_beside_two_busy_loops_per_core()
    {
        var folder = Directory.CreateTempSubdirectory("fleet-e2e-").FullName;
        await using (var fleet = new FleetProcesses(new FleetPlan(folder, Nodes: 1, Vips: 2)))
        {
            await fleet.StartAsync(CancellationToken.None);
            await fleet.Api.UntilAsync(map => FleetApi.IsSettled(map, 1), LivingFleet.Patience, "the node to serve", CancellationToken.None);
            var relay = await fleet.RelayAsync("adc-1", CancellationToken.None);
            await CarriersAreRealTimeAsync(fleet.Coordinator!.Pid, ".NET TP Worker", ".NET Sockets", ".NET Timer");
            await CarriersAreRealTimeAsync(fleet.Nodes["adc-1"].Agent.Pid, ".NET TP Worker", ".NET Sockets", ".NET Timer");
            await CarriersAreRealTimeAsync(relay, "lease", "orders");
            PoliciesOf(fleet.Nodes["adc-1"].Agent.Pid)
                .Where(t => t.Name.StartsWith("dns-udp", StringComparison.Ordinal))
                .ShouldAllBe(t => t.Policy != RealTime);
            PoliciesOf(relay).Where(t => t.Name == ".NET TP Worker").ShouldAllBe(t => t.Policy != RealTime);

            var loops = Enumerable.Range(0, LoopsPerCore * Environment.ProcessorCount)
                .Select(i =>
                    ChildProcess.Start(
                        $"loop-{i}", "timeout", ["60", "sh", "-c", "while :; do :; done"], Path.Combine(folder, "loops.log"))).ToArray();
            var before = LeaseEnds(folder);
            await Task.Delay(BusyFor);
            var after = LeaseEnds(folder);
            foreach (var loop in loops)
            {
                loop.Send(Signal.Term); // timeout(1) ends its child; a kill would leave it.
                await loop.WaitAsync(CancellationToken.None);
                await loop.DisposeAsync();
            }

            after.ShouldBe(before, File.ReadAllText(RelayLog(folder)));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static string RelayLog(string folder) => Path.Combine(folder, "data", "adc-1", "relay.log");

    private static int LeaseEnds(string folder) =>
        File.Exists(RelayLog(folder)) ? File.ReadAllText(RelayLog(folder)).Split("The lease is over").Length - 1 : 0;

    /// <summary>The runtime's newest threads are found within a second.</summary>
    private static async Task CarriersAreRealTimeAsync(int process, params string[] names)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!names.All(name => PoliciesOf(process).Where(t => t.Name == name).Select(t => t.Policy).DefaultIfEmpty(0)
            .All(policy => policy == RealTime)))
        {
            patience.IsCancellationRequested.ShouldBeFalse($"process {process}: {string.Join(", ", PoliciesOf(process))}");
            await Task.Delay(100);
        }
    }

    /// <summary>Each thread's name and scheduling policy (proc(5): field 41 of stat, counted after the name).</summary>
    private static List<(string Name, int Policy)> PoliciesOf(int process)
    {
        var threads = new List<(string, int)>();
        foreach (var task in Directory.GetDirectories($"/proc/{process}/task"))
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(task, "stat"));
                var end = stat.LastIndexOf(')');
                threads.Add(
                    (stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end],
                        int.Parse(stat[(end + 2)..].Split(' ')[38], CultureInfo.InvariantCulture)));
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        return threads;
    }
}

/// <summary>For tests of what only a privileged process can have.</summary>
public sealed class PriorityFactAttribute : FactAttribute
{
    public PriorityFactAttribute()
    {
        var grant = PriorityGrant.None;
        var probe = new Thread(() => grant = LeasePriority.RaiseThread());
        probe.Start();
        probe.Join();
        if (grant != PriorityGrant.RealTime)
            Skip = "This user gets no real-time priority (CAP_SYS_NICE or a limit on rtprio, ulimit -r): beside busy loops nothing is promised.";
    }
}
