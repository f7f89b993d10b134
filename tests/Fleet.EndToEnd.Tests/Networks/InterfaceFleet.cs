using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fleet.Demo.Processes;
using Fleet.Node.Tests.Vips.Networks;
using Fleet.Shared.Map;
using Fleet.Shared.Protocol;

namespace Fleet.EndToEnd.Tests.Networks;

/// <summary>
/// A coordinator, a backend and two nodes with VIPs on their interfaces, as processes in network namespaces of their own, and a client beside them.
/// All of it is gone when this is disposed.
/// </summary>
internal sealed class InterfaceFleet : IAsyncDisposable
{
    private const string Coordinator = "10.77.0.254";
    private const int Api = 7401;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-e2e-").FullName;
    private readonly NetworkNamespace _switch = new();
    private readonly NetworkNamespace _client = new();
    private readonly Dictionary<string, (NetworkNamespace Network, string Address)> _nodes = new(StringComparer.Ordinal)
    {
        ["adc-1"] = (new NetworkNamespace(), "10.77.0.1"),
        ["adc-2"] = (new NetworkNamespace(), "10.77.0.2"),
    };
    private readonly List<ChildProcess> _started = [];
    private readonly HashSet<int> _planes = [];

    public InterfaceFleet()
    {
        _switch.Ip("link set lo up", "link add br0 type bridge mcast_snooping 0", $"addr add {Coordinator}/16 dev br0", "link set br0 up");
        foreach (var (host, port, number) in new[] { (Network("adc-1"), "port1", 1), (Network("adc-2"), "port2", 2), (_client, "port3", 3) })
        {
            _switch.Ip($"link add {port} type veth peer name eth0 netns {host.Path}", $"link set {port} master br0 up");
            host.Ip(
                "link set lo up", "link set eth0 up", $"addr add 10.77.0.{number}/16 dev eth0", $"addr add fd77::{number}/64 dev eth0 nodad");
        }
    }

    public string Config => Path.Combine(_folder, "fleet.conf");

    public NetworkNamespace Network(string node) => _nodes[node].Network;

    /// <summary>Every VIP is served when this returns.</summary>
    public async Task<FleetMap> StartAsync(string dataPlane)
    {
        await WriteConfigAsync(dataPlane);
        Start(_switch, "backend-1", Programs.Demo, "backend", "--name", "backend-1", "--listen", $"{Coordinator}:8101");
        Start(_switch, "coordinator", Programs.Coordinator, "--config", Config);
        foreach (var node in _nodes.Keys)
            StartNode(node);
        return await UntilAsync(
            map => map.Vips.Count == 4 && map.Vips.Values.All(vip => vip.Phase == VipPhase.Serving)
                && _nodes.Keys.All(node => map.Vips.Values.Any(vip => vip.Owner?.Value == node)),
            "both nodes to serve VIPs");
    }

    public async Task WriteConfigAsync(string dataPlane) => await File.WriteAllTextAsync(
        Config,
        $$"""
        fleet {
          coordinator { listen = "{{Coordinator}}:7400", data = "{{Path.Combine(_folder, "coordinator")}}" }
          node {
            coordinators = ["{{Coordinator}}:7400"]
            data-plane = {{dataPlane}}
            vips = linux
            linux { interface = eth0, answer-max = 100ms }
            relay.orphan-max = 3s
          }
          services.web {
            vips = ["10.77.8.1", "10.77.8.2", "fd77::1:0:100", "fd77::2:0:100"]
            listeners = [{ port = 80, protocol = http }]
            backends = [{ name = backend-1, address = "{{Coordinator}}:8101" }]
            proxy-protocol = v2
          }
        }
        """);

    public ChildProcess StartNode(string name, params string[] sets)
    {
        var (network, address) = _nodes[name];
        string[] all =
        [
            $"name={name}", $"data=\"{Path.Combine(_folder, name)}\"", $"api-listen=\"{address}:{Api}\"", $"dns-listen=\"{address}:5353\"",
            $"witness-listen=\"{address}:7402\"", .. sets,
        ];
        return Start(network, name, Programs.Node, ["--config", Config, .. all.SelectMany(set => new[] { "--set", $"fleet.node.{set}" })]);
    }

    /// <summary>Runs a program where that node is, to its end.</summary>
    public async Task<(int Code, string Said)> RunAsync(string node, string program, params string[] arguments)
    {
        var child = Start(Network(node), $"run-{_started.Count}", program, arguments);
        using var late = new CancellationTokenSource(Patience);
        await child.WaitAsync(late.Token);
        var code = child.ExitCode;
        await child.DisposeAsync();
        return (code, Log(child.Name));
    }

    /// <summary>Kills the agent and its data plane at once: the host is lost, but for its addresses.</summary>
    public async Task KillAsync(string node)
    {
        var planes = await PlanesAsync(node);
        foreach (var pid in planes.Prepend(_started.Last(child => child.Name == node).Pid))
            ChildProcess.Send(pid, Signal.Kill);
    }

    public async Task StopAsync(string node)
    {
        await PlanesAsync(node);
        var agent = _started.Last(child => child.Name == node);
        agent.Send(Signal.Term);
        using var late = new CancellationTokenSource(Patience);
        await agent.WaitAsync(late.Token);
    }

    public Task<FleetMap> UntilAsync(Func<FleetMap, bool> isSo, string what) => UntilAsync(
        async () => MapIn(await GetAsync(_switch, IPAddress.Parse(Coordinator), 7400, "/v1/map")), isSo, what);

    /// <summary>What a client on the same network gets from that VIP; tried until it gets something.</summary>
    public Task<string> AskAsync(IPAddress vip) =>
        UntilAsync(async () => await GetAsync(_client, vip, 80, "/"), answer => answer.Length > 0, $"{vip} to answer");

    public string Log(string name)
    {
        using var reader = new StreamReader(
            new FileStream(Path.Combine(_folder, $"{name}.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Keys)
            await PlanesAsync(node);
        foreach (var child in Enumerable.Reverse(_started))
            await child.DisposeAsync();
        foreach (var pid in _planes)
            ChildProcess.Send(pid, Signal.Kill);
        foreach (var network in _nodes.Values.Select(node => node.Network).Append(_client).Append(_switch))
            network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The processes of a node beside its agent; none where the agent does not answer.</summary>
    private async Task<int[]> PlanesAsync(string node)
    {
        try
        {
            using var status = JsonDocument.Parse(await GetAsync(Network(node), IPAddress.Parse(_nodes[node].Address), Api, "/v1/status"));
            int[] planes =
            [
                .. new[] { "plane-pid", "spare-pid" }
                    .Select(key => status.RootElement.GetProperty(key))
                    .Where(pid => pid.ValueKind == JsonValueKind.Number)
                    .Select(pid => pid.GetInt32()),
            ];
            _planes.UnionWith(planes);
            return planes;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return [];
        }
    }

    private async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isSo, string what)
    {
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (await look() is var seen && isSo(seen))
                    return seen;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // Not yet.
            }

            if (late.IsCancellationRequested)
                throw new TimeoutException(
                    $"Waited in vain for {what}.\n{string.Join('\n', _started.Select(child => $"--- {child.Name}\n{Log(child.Name)}"))}");
            await Task.Delay(20);
        }
    }

    private static FleetMap MapIn(string text) =>
        Wire.TryDecodeMap(Encoding.UTF8.GetBytes(text), out var map) ? map : throw new HttpRequestException("That is no map.");

    private static async Task<string> GetAsync(NetworkNamespace from, IPAddress host, int port, string path)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                // A socket belongs to the network in which it was made.
                var socket = from.Run(() => new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
                try
                {
                    await socket.ConnectAsync(host, port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        using var http = new HttpClient(handler) { Timeout = AnswerMax };
        return await http.GetStringAsync(new Uri($"http://{new IPEndPoint(host, port)}{path}"));
    }

    private ChildProcess Start(NetworkNamespace network, string name, string program, params string[] arguments)
    {
        var child = network.Run(() => ChildProcess.Start(name, program, arguments, Path.Combine(_folder, $"{name}.log")));
        _started.Add(child);
        return child;
    }
}
