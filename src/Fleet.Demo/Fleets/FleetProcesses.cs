using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fleet.Demo.Clients;
using Fleet.Demo.Processes;

namespace Fleet.Demo.Fleets;

/// <summary>What kind of fleet to start.</summary>
/// <param name="Folder">Data, logs and endpoints go here; it is made.</param>
/// <param name="TwoSites">Nodes with odd numbers and half of the VIPs in dc1, the others in dc2.</param>
/// <param name="Wires">What lies between the processes; null is nothing.</param>
/// <param name="Coordinators">More than one need a store that they share.</param>
/// <param name="WithProjection">The leader keeps the read model in a PostgreSQL of this fleet's own.</param>
internal sealed record FleetPlan(
    string Folder,
    int Nodes = 4,
    int Vips = FleetPlan.ProbedVips,
    int Backends = 3,
    bool TwoSites = false,
    IFleetWires? Wires = null,
    int Coordinators = 1,
    DemoStore Store = DemoStore.File,
    bool WithProjection = false)
{
    /// <summary>How long a site that was out is not answered again, in seconds: short, so that it can be watched.</summary>
    public const int HoldDownSeconds = 5;

    /// <summary>As many as two cores can carry when each is probed every 5 ms, with clients, nodes and backends beside the probes.</summary>
    public const int ProbedVips = 8;

    public const string Zone = "demo.fleet";
    public const string ServiceHost = $"web.{Zone}";
}

/// <summary>
/// A whole fleet as processes of this host: backends, coordinators, nodes with their relays, and the servers that the coordinators need. All of
/// them are dead when this is disposed.
/// </summary>
internal sealed class FleetProcesses : IAsyncDisposable
{
    private readonly FleetPlan _plan;
    private readonly FleetNetwork _network = FleetNetwork.Take();
    private readonly List<ChildProcess> _started = [];
    /// <summary>Replaced, never changed: clients iterate over it while a node is started.</summary>
    private volatile ImmutableSortedDictionary<string, NodeProcess> _nodes =
        ImmutableSortedDictionary.Create<string, NodeProcess>(StringComparer.Ordinal);
    private readonly HashSet<int> _relays = [];
    private int _stores;

    public FleetProcesses(FleetPlan plan)
    {
        _plan = plan;
        Store = plan.Store;
        Api = new FleetApi([.. Enumerable.Range(1, plan.Coordinators).Select(UrlOf)]);
    }

    public FleetApi Api { get; }

    /// <summary>The first; null before it is started.</summary>
    public ChildProcess? Coordinator => Coordinators.FirstOrDefault();

    /// <summary>In the order of their numbers.</summary>
    public ImmutableArray<ChildProcess> Coordinators { get; private set; } = [];

    /// <summary>Null before the start, and for a fleet that needs none.</summary>
    public FleetServers? Servers { get; private set; }

    /// <summary>Where coordinators that are started from now on keep the history; its servers must run.</summary>
    public DemoStore Store { get; set; }

    public IReadOnlyDictionary<string, NodeProcess> Nodes => _nodes;

    /// <summary>Every process that was started here, including those that have ended; relays are started by their agents.</summary>
    public IReadOnlyList<ChildProcess> Started => _started;

    public IEnumerable<IPEndPoint> DnsServers => _nodes.Values.Where(n => !n.Agent.HasExited).Select(n => n.Dns);

    public async Task StartAsync(CancellationToken cancellation)
    {
        for (var i = 1; i <= _plan.Backends; i++)
            StartBackend(i);
        if (_plan.Store != DemoStore.File || _plan.WithProjection)
            await StartServersAsync(_plan.Store, _plan.WithProjection, cancellation);
        for (var i = 1; i <= _plan.Coordinators; i++)
            StartCoordinator(i);
        for (var i = 1; i <= _plan.Nodes; i++)
            StartNode($"adc-{i}");
        await Api.WaitAsync(cancellation);
    }

    /// <summary>For a fleet that has none yet.</summary>
    public async Task StartServersAsync(DemoStore store, bool withPostgres, CancellationToken cancellation) =>
        Servers = await FleetServers.StartAsync(_plan.Folder, store, withPostgres, cancellation);

    /// <summary>Runs <c>pbm store</c> on the store that coordinators would be started with.</summary>
    /// <returns>Its exit code, and what it said.</returns>
    public async Task<(int Code, string Said)> StoreAsync(CancellationToken cancellation, params IEnumerable<string> words)
    {
        var log = Log($"store-{_stores++}");
        await using var pbm = ChildProcess.Start("pbm", Programs.Pbm, ["store", .. words, .. Common, .. StoreSettings], log);
        await pbm.WaitAsync(cancellation);
        var code = pbm.ExitCode;
        await pbm.DisposeAsync();
        return (code, await File.ReadAllTextAsync(log, cancellation));
    }

    /// <summary>The first process that ended without being told to; null when all live.</summary>
    public string? Casualty => _started.FirstOrDefault(c => c.HasExited) is { } dead
        ? $"{dead.Name} has ended; the end of its log:\n{string.Join('\n', File.ReadLines(Log(dead.Name)).TakeLast(5))}"
        : null;

    /// <summary>Starts one, also again.</summary>
    public void StartCoordinator(int number = 1)
    {
        var name = $"coordinator-{number}";
        var process = Start(
            name,
            Programs.Coordinator,
            [
                .. Common,
                .. Sets("coordinator", ("name", name), ("listen", _network.CoordinatorAt(number).ToString())),
                .. StoreSettings,
            ]);
        Coordinators = number <= Coordinators.Length ? Coordinators.SetItem(number - 1, process) : Coordinators.Add(process);
    }

    /// <summary>Where a coordinator's API is.</summary>
    public Uri UrlOf(int coordinator) => new($"http://{_network.CoordinatorAt(coordinator)}");

    public NodeProcess StartNode(string name)
    {
        var number = _nodes.TryGetValue(name, out var before) ? before.Number : _nodes.Count + 1;
        var (dns, api) = (_network.Dns(number), _network.NodeApi(number));
        var agent = Start(
            name,
            Programs.Node,
            [
                .. Common,
                .. Sets(
                    "node",
                    ("name", name),
                    ("site", SiteOf(number)),
                    ("domain", $"rack-{number}"),
                    ("dns-listen", dns.ToString()),
                    ("api-listen", api.ToString()),
                    ("data", Folder(name)),
                    ("relay.orphan-max", "3s")),
                .. Wires(name, _network.Watch(number)),
            ]);
        var node = new NodeProcess(name, number, agent, dns, api);
        _nodes = _nodes.SetItem(name, node);
        return node;
    }

    /// <summary>Where a node finds the coordinator and is found by its peers.</summary>
    private IEnumerable<string> Wires(string name, IPEndPoint watch) => _plan.Wires is not { } wires
        ? ["--set", $"fleet.node.coordinators=[{string.Join(',', Enumerable.Range(1, _plan.Coordinators).Select(Quoted))}]"]
        :
        [
            "--set", $"fleet.node.coordinators=[\"{wires.Link(name, watch.Address, _network.Coordinator)}\"]",
            .. Sets("node", ("witness-listen", watch.ToString()), ("witness-advertise", wires.Watch(name, watch).ToString())),
        ];

    /// <summary>The data plane's process of a node whose agent is alive.</summary>
    public async Task<int> RelayAsync(string name, CancellationToken cancellation)
    {
        var pid = await Api.RelayPidAsync(_nodes[name].Api, cancellation);
        _relays.Add(pid);
        await SpareAsync(name, cancellation);
        return pid;
    }

    /// <summary>The process that would take the relay's place; null while none is ready.</summary>
    public async Task<int?> SpareAsync(string name, CancellationToken cancellation)
    {
        var pid = await Api.SparePidAsync(_nodes[name].Api, cancellation);
        if (pid is { } spare)
            _relays.Add(spare);
        return pid;
    }

    /// <summary>Asks every process to stop, in the order that lets nodes let go of VIPs, and kills what is left after a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values.Where(n => !n.Agent.HasExited))
        {
            using var brief = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                node.Agent.Send(Signal.Continue);
                await RelayAsync(node.Name, brief.Token);
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException)
            {
                // An agent that does not answer is killed below; its relay ends by itself.
            }
        }

        foreach (var child in _started)
            await child.DisposeAsync();
        foreach (var relay in _relays)
            ChildProcess.Send(relay, Signal.Kill);
        if (Servers is not null)
            await Servers.DisposeAsync();
        Api.Dispose();
        _network.Dispose();
    }

    /// <summary>Every process of the nodes of one site: agents, relays and spares. They must be alive.</summary>
    public async Task<ImmutableArray<int>> ProcessesOfSiteAsync(int site, CancellationToken cancellation)
    {
        var pids = ImmutableArray.CreateBuilder<int>();
        foreach (var node in _nodes.Values.Where(node => SiteOf(node.Number) == $"dc{site}"))
        {
            pids.Add(node.Agent.Pid);
            pids.Add(await RelayAsync(node.Name, cancellation));
            if (await SpareAsync(node.Name, cancellation) is { } spare)
                pids.Add(spare);
        }

        return pids.ToImmutable();
    }

    private string SiteOf(int node) => !_plan.TwoSites ? "site-1" : node % 2 == 1 ? "dc1" : "dc2";

    private string BackendText(int number) => $"{{name=backend-{number},address=\"{_network.Backend(number)}\"}}";

    private IEnumerable<string> StoreSettings =>
        [
            .. Sets("coordinator", ("data", Folder("coordinator"))),
            .. (Servers?.Settings(Store, _plan.WithProjection) ?? []).SelectMany(setting => new[] { "--set", setting }),
        ];

    private string[] Common =>
    [
        "--config", Path.Combine(Programs.Root, "hocon", "demo.conf"),
        .. _plan.TwoSites ? TwoSites : ["--set", $"fleet.services.web.vips=[\"{_network.Vips(_plan.Vips)}\"]"],
        "--set",
        $"fleet.services.web.backends=[{string.Join(",", Enumerable.Range(1, _plan.Backends).Select(BackendText))}]",
    ];

    /// <summary>Clients are told apart by the address they ask from (dig -b 127.1.0.1) or by their subnet.</summary>
    private string[] TwoSites =>
    [
        "--set", $"fleet.services.web.vips={_network.SiteVips(_plan.Vips / 2)}",
        "--set", "fleet.gslb.topology={dc1=[\"127.1.0.0/16\",\"10.1.0.0/16\"],dc2=[\"127.2.0.0/16\",\"10.2.0.0/16\"]}",
        "--set", $"fleet.gslb.hold-down={FleetPlan.HoldDownSeconds}s",
    ];

    private void StartBackend(int number)
    {
        var name = $"backend-{number}";
        Start(name, Programs.Demo, "backend", "--name", name, "--listen", _network.Backend(number).ToString());
    }

    private ChildProcess Start(string name, string program, params IEnumerable<string> arguments)
    {
        var child = ChildProcess.Start(name, program, arguments, Log(name));
        _started.Add(child);
        return child;
    }

    private string Quoted(int coordinator) => $"\"{_network.CoordinatorAt(coordinator)}\"";

    private static IEnumerable<string> Sets(string section, params (string Key, string Value)[] settings) =>
        settings.SelectMany(s => new[] { "--set", $"fleet.{section}.{s.Key}=\"{s.Value}\"" });

    private string Folder(string name) => Path.Combine(_plan.Folder, "data", name);

    private string Log(string name) => Path.Combine(_plan.Folder, "logs", $"{name}.log");
}

/// <summary>One node of the fleet: its agent, and where it answers.</summary>
internal sealed record NodeProcess(string Name, int Number, ChildProcess Agent, IPEndPoint Dns, IPEndPoint Api);
