using System.Collections.Immutable;
using Fleet.Demo.Fleets;
using Fleet.Demo.Processes;
using Fleet.Demo.Scenario;
using Fleet.Demo.Servers;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>
/// Three coordinators on an etcd of three members (heartbeat 20 ms, election 200 ms), four nodes, the read model in PostgreSQL, clients, and an
/// operator who changes something all the time. Tests that hurt it share it: each begins with a fleet that is well, and leaves one behind.
/// </summary>
public sealed class EtcdFleet : IAsyncLifetime
{
    public const string Name = "several coordinators on etcd";

    public const int Nodes = 4;

    /// <summary>How the names of nodes begin that a test makes up, which can carry next to nothing and have gone again.</summary>
    public const string Guest = "guest-";

    /// <summary>What the README promises of a node that dies.</summary>
    public static readonly TimeSpan FailoverMax = TimeSpan.FromMilliseconds(600);

    public LivingFleet Fleet { get; private set; } = null!;

    internal CoordinatorSet Coordinators { get; private set; } = null!;

    internal SteadyOperator Operator { get; private set; } = null!;

    internal EtcdCluster Etcd => Fleet.Processes.Servers!.Etcd!;

    internal PostgresServer Postgres => Fleet.Processes.Servers!.Postgres!;

    public async Task InitializeAsync()
    {
        if (!StoreFactAttribute.IsThere)
            return;
        Fleet = await LivingFleet.StartAsync(
            Nodes, plan: usual => usual with { Coordinators = 3, Store = DemoStore.Etcd, WithProjection = true });
        Coordinators = new CoordinatorSet(Fleet);
        Operator = new SteadyOperator(Fleet.Processes.Api.Coordinators, Fleet.Clock);
        await Operator.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (Fleet is null)
            return;
        await Operator.DisposeAsync();
        Coordinators.Dispose();
        await Fleet.DisposeAsync();
    }

    /// <summary>
    /// One leads, two follow and have all of the journal, every VIP is served, and a command is acknowledged. What an earlier test that failed has
    /// left stopped or dead goes on first.
    /// </summary>
    /// <returns>The number of the coordinator that leads, and the map.</returns>
    public async Task<(int Leader, FleetMap Map)> BeWellAsync()
    {
        await RestoreAsync();
        var leader = await Coordinators.BeWellAsync();
        await DismissGuestsAsync();
        var map = await Fleet.SettledAsync(Nodes);
        var since = Fleet.Clock.Now;
        await Operator.AcknowledgedAsync(since);
        return (leader, map);
    }

    private async Task DismissGuestsAsync()
    {
        static IEnumerable<string> Guests(FleetMap map) =>
            map.Nodes.Keys.Select(node => node.Value).Where(node => node.StartsWith(Guest, StringComparison.Ordinal));
        foreach (var guest in Guests(await Fleet.Api.MapAsync(CancellationToken.None)))
            (await Fleet.Api.PostAsync(guest, NodeVerbs.Leave, CancellationToken.None)).Dispose();
        await Fleet.UntilAsync(map => !Guests(map).Any(), "guests to be forgotten");
    }

    private async Task RestoreAsync()
    {
        foreach (var process in Fleet.Processes.Started.Where(process => !process.HasExited))
            process.Send(Signal.Continue);
        foreach (var member in Etcd.Members)
        {
            member.Continue();
            member.Start();
        }

        if (!Postgres.IsRunning)
            await Postgres.StartAgainAsync();
        for (var living = Fleet.Processes.Nodes.Values.Count(node => !node.Agent.HasExited); living < Nodes; living++)
            ReplaceNode();
        await Etcd.BecomeHealthyAsync(CancellationToken.None);
    }

    /// <summary>What the machine stood still for meanwhile, by VIPs that nothing happened to: see <see cref="LivingFleet.Excess"/>.</summary>
    public double StallMs(IEnumerable<VipAddress> untouched, Instant from) =>
        LivingFleet.Excess(Fleet.LongestOutage(untouched, from, Fleet.Clock.Now).TotalMilliseconds);

    /// <summary>The node that has been there longest, and its VIPs.</summary>
    internal (NodeProcess Node, ImmutableArray<VipAddress> Vips) Oldest(FleetMap map)
    {
        var oldest = Fleet.Processes.Nodes.Values.Where(node => !node.Agent.HasExited).MinBy(node => node.Number)!;
        return (oldest, [.. map.Vips.Values.Where(vip => vip.Owner == NodeName.Parse(oldest.Name)).Select(vip => vip.Address)]);
    }

    /// <summary>A new one in the place of one that was killed: what comes back too often would be damped.</summary>
    public void ReplaceNode() => Fleet.Processes.StartNode($"adc-{Fleet.Processes.Nodes.Count + 1}");

    /// <summary>No request that was under way in the window has failed, and every VIP has the owner that it had.</summary>
    public void NobodyNoticed(FleetMap before, FleetMap after, Instant from, Instant? to = null)
    {
        var until = to ?? Fleet.Clock.Now;
        Verdicts.Moved(before, after).ShouldBe(0, Fleet.Logs());
        Fleet.FailedElsewhere([], from, until).ShouldBe(0, Fleet.Failures(from, until));
        Fleet.Traffic.Samples.Count(sample => sample.Sent > from).ShouldBeGreaterThan(10);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>All tests that share one <see cref="EtcdFleet"/>.</summary>
[CollectionDefinition(EtcdFleet.Name)]
public sealed class EtcdFleetTests : ICollectionFixture<EtcdFleet>;
