using System.Collections.Immutable;
using System.Net;
using Fleet.Demo.Processes;
using Fleet.Lab.Configs;
using Fleet.Lab.Processes;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Labs;

/// <summary>Which programs a lab runs beside its wire.</summary>
internal sealed record LabWishes(bool Backends = true, bool Coordinators = true, bool Agents = true)
{
    /// <summary>The network alone.</summary>
    public static readonly LabWishes NetworkOnly = new(false, false, false);

    /// <summary>Backends, and nothing of Fleet.</summary>
    public static readonly LabWishes BackendsOnly = new(true, false, false);
}

/// <summary>Starts the programs of a lab, and waits until they answer.</summary>
internal sealed class LabFleet(LabTopology topology, LabFolder folder, LabStarter starter)
{
    public const string WireName = "wire";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private readonly AddressPlan _plan = new(topology);

    /// <summary>The relay between sites, without which nothing passes the router.</summary>
    public async Task StartWireAsync(CancellationToken cancellation)
    {
        var wire = starter.Start(
            WireName, Places.Router, Programs.Lab, ["wire", "--device", Places.Wire, "--rules", folder.WireRules, "--socket", folder.WireSocket]);
        await AnswersAsync(wire, () => Task.FromResult(File.Exists(folder.WireSocket)), cancellation);
    }

    public async Task StartAsync(LabWishes wishes, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(folder.Config, FleetConf.Render(topology), cancellation);
        var started = new List<(LabProcess Process, string Host, IPEndPoint At)>();
        if (wishes.Backends)
            started.AddRange(topology.Of(HostKind.Backend).Select(host => (Backend(host), host.Name, At(host, AddressPlan.ServicePort))));
        if (wishes.Coordinators)
            started.AddRange(topology.Of(HostKind.Coordinator).Select(host => (Coordinator(host), host.Name, At(host, AddressPlan.CoordinatorPort))));
        if (wishes.Agents)
            started.AddRange(topology.Of(HostKind.Node).Select(host => (Agent(host), host.Name, At(host, AddressPlan.NodeApiPort))));
        foreach (var (process, host, at) in started)
            await AnswersAsync(process, () => NamespaceSockets.ListensAsync(topology.Name, host, at, cancellation), cancellation);
    }

    private LabProcess Backend(LabHost host) => starter.Start(
        host.Name, host.Name, Programs.Lab, ["backend", "--name", host.Name, .. Listen(host), .. NodeAddresses()]);

    /// <summary>Those of one lab share a folder, as coordinators of one host may: the file store lets one of them lead.</summary>
    private LabProcess Coordinator(LabHost host) => starter.Start(
        host.Name,
        host.Name,
        Programs.Coordinator,
        [
            "--config", folder.Config,
            "--set", $"fleet.coordinator.name=\"{host.Name}\"",
            "--set", $"fleet.coordinator.listen=\"{FleetConf.Coordinator(host, _plan)}\"",
            "--set", $"fleet.coordinator.data=\"{folder.Data("coordinator")}\"",
        ]);

    private LabProcess Agent(LabHost host) => starter.Start(
        host.Name, host.Name, Programs.Node, NodeArguments.Of(host, _plan, folder.Config, folder.Data(host.Name)));

    private ImmutableArray<string> Listen(LabHost host) =>
        [.. _plan.Service(host).SelectMany(each => new[] { "--listen", new IPEndPoint(each.Address, AddressPlan.ServicePort).ToString() })];

    private ImmutableArray<string> NodeAddresses() =>
        [.. topology.Of(HostKind.Node).SelectMany(node => _plan.Service(node).SelectMany(each => new[] { "--node", $"{node.Name}={each.Address}" }))];

    private IPEndPoint At(LabHost host, int port) => new(_plan.Service(host)[0].Address, port);

    private async Task AnswersAsync(LabProcess process, Func<Task<bool>> answersAsync, CancellationToken cancellation)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await answersAsync())
        {
            if (!process.IsAlive)
                throw new LabException($"{process.Name} has ended:\n{starter.LogTail(process.Name)}");
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new LabException($"{process.Name} does not answer:\n{starter.LogTail(process.Name)}");
            await Task.Delay(LookEvery, cancellation);
        }
    }
}
