using System.Net;
using Fleet.Demo.Clients;

namespace Fleet.Demo.Processes;

/// <summary>What kind of fleet to start.</summary>
/// <param name="Folder">Data, logs and endpoints go here; it is made.</param>
/// <param name="ApiPort">Where the coordinator should listen; another port is taken when somebody has it. 0 takes any.</param>
public sealed record FleetPlan(string Folder, int Nodes = 4, int Vips = 20, int Backends = 3, int ApiPort = 0);

/// <summary>A whole fleet as processes of this host: backends, one coordinator, nodes with their relays. All of them are dead when this is disposed.</summary>
public sealed class FleetProcesses : IAsyncDisposable
{
    public const int ServicePort = 8080;

    private readonly FleetPlan plan;
    private readonly string network = FreeAddresses.Network(ServicePort);
    private readonly List<ChildProcess> backends = [];
    private readonly List<IPEndPoint> backendAddresses = [];
    private readonly SortedDictionary<string, NodeProcess> nodes = new(StringComparer.Ordinal);
    private readonly HashSet<int> relays = [];

    public FleetProcesses(FleetPlan plan)
    {
        this.plan = plan;
        CoordinatorAddress = plan.ApiPort == 0 ? FreeAddresses.Port() : FreeAddresses.PortOr(plan.ApiPort);
        Api = new FleetApi(new Uri($"http://{CoordinatorAddress}"));
    }

    public IPEndPoint CoordinatorAddress { get; }

    public FleetApi Api { get; }

    public ChildProcess? Coordinator { get; private set; }

    public IReadOnlyDictionary<string, NodeProcess> Nodes => nodes;

    public string Zone => "demo.fleet";

    public string ServiceHost => $"web.{Zone}";

    public IEnumerable<IPEndPoint> DnsServers => nodes.Values.Where(n => !n.Agent.HasExited).Select(n => n.Dns);

    public async Task StartAsync(CancellationToken cancellation)
    {
        for (var i = 1; i <= plan.Backends; i++)
            StartBackend(i);
        StartCoordinator();
        for (var i = 1; i <= plan.Nodes; i++)
            StartNode($"adc-{i}");
        await Api.WaitAsync(cancellation);
    }

    public void StartCoordinator() => Coordinator = ChildProcess.Start(
        "coordinator-1", Programs.Coordinator, [.. Common, .. Sets("coordinator", ("listen", CoordinatorAddress.ToString()), ("data", Folder("coordinator")))], Log("coordinator-1"));

    public NodeProcess StartNode(string name)
    {
        var (dns, api) = nodes.TryGetValue(name, out var before) ? (before.Dns, before.Api) : (FreeAddresses.Port(), FreeAddresses.Port());
        var agent = ChildProcess.Start(
            name,
            Programs.Node,
            [
                .. Common,
                .. Sets(
                    "node",
                    ("name", name),
                    ("domain", $"rack-{name[^1]}"),
                    ("dns-listen", dns.ToString()),
                    ("api-listen", api.ToString()),
                    ("data", Folder(name)),
                    ("relay.orphan-max", "3s")),
                "--set", $"fleet.node.coordinators=[\"{CoordinatorAddress}\"]",
            ],
            Log(name));
        return nodes[name] = new NodeProcess(name, agent, dns, api);
    }

    /// <summary>The whole appliance dies: agent and data plane, in one moment.</summary>
    public async Task KillNodeAsync(string name, CancellationToken cancellation)
    {
        var relay = await RelayAsync(name, cancellation);
        nodes[name].Agent.Send(Signal.Kill);
        ChildProcess.Send(relay, Signal.Kill);
    }

    /// <summary>The data plane's process of a node whose agent is alive.</summary>
    public async Task<int> RelayAsync(string name, CancellationToken cancellation)
    {
        var pid = await Api.RelayPidAsync(nodes[name].Api, cancellation);
        relays.Add(pid);
        return pid;
    }

    /// <summary>Asks every process to stop, in the order that lets VIPs be let go of, and kills what is left after a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes.Values.Where(n => !n.Agent.HasExited))
        {
            using var brief = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                node.Agent.Send(Signal.Continue);
                await RelayAsync(node.Name, brief.Token);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // An agent that does not answer is killed below; its relay ends by itself.
            }
        }

        if (Coordinator is not null)
            await Coordinator.DisposeAsync();
        foreach (var child in nodes.Values.Select(n => n.Agent).Concat(backends))
            await child.DisposeAsync();
        foreach (var relay in relays)
            ChildProcess.Send(relay, Signal.Kill);
        Api.Dispose();
    }

    private string[] Common =>
    [
        "--config", Path.Combine(Programs.Root, "hocon", "demo.conf"),
        "--set", $"fleet.services.web.vips=[\"{network}.1-{network}.{plan.Vips}\"]",
        "--set", $"fleet.services.web.backends=[{string.Join(",", backendAddresses.Select((a, i) => $"{{name=backend-{i + 1},address=\"{a}\"}}"))}]",
    ];

    private void StartBackend(int number)
    {
        var address = FreeAddresses.Port();
        backendAddresses.Add(address);
        var name = $"backend-{number}";
        backends.Add(ChildProcess.Start(name, Programs.Demo, ["backend", "--name", name, "--listen", address.ToString()], Log(name)));
    }

    private static IEnumerable<string> Sets(string section, params (string Key, string Value)[] settings) =>
        settings.SelectMany(s => new[] { "--set", $"fleet.{section}.{s.Key}=\"{s.Value}\"" });

    private string Folder(string name) => Path.Combine(plan.Folder, "data", name);

    private string Log(string name) => Path.Combine(plan.Folder, "logs", $"{name}.log");
}

/// <summary>One node of the fleet: its agent, and where it answers.</summary>
public sealed record NodeProcess(string Name, ChildProcess Agent, IPEndPoint Dns, IPEndPoint Api);
