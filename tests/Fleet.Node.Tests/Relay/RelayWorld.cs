using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Relay;

/// <summary>A relay as a real child process, with addresses that no other test uses, of this run or another, and an agent's hand on it.</summary>
public sealed partial class RelayWorld : IAsyncLifetime, IAsyncDisposable
{
    public const int Port = 18080;
    private static readonly Dictionary<string, int> Signals = new()
    {
        ["HUP"] = 1,
        ["INT"] = 2,
        ["QUIT"] = 3,
        ["KILL"] = 9,
        ["TERM"] = 15,
        ["CONT"] = 18,
        ["STOP"] = 19,
        ["TSTP"] = 20,
    };
    private static readonly RelayNetwork Network = RelayNetwork.Take();
    private static int _addresses;
    private static long _generations;
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-").FullName;
    private readonly List<int> _pids = [];
    private RelayClient? _relay;

    public static string RealProgram => Path.Combine(AppContext.BaseDirectory, "fleet-node");

    public static MonotonicClock Clock => MonotonicClock.System;

    /// <summary>The agent's client now.</summary>
    internal RelayClient Relay => _relay ??= NewAgent();

    internal RelayPlane Plane => new(Relay);

    internal RelayVips Vips => new(Relay);

    public TimeSpan OrphanMax { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>More than a busy machine needs: tests of relays that stand still ask for less.</summary>
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What is started as a relay; by default the program itself.</summary>
    public string? Program { get; init; }

    /// <summary>The agent keeps a spare, while somebody runs its <see cref="RelayClient.RunAsync"/>.</summary>
    public bool HasSpare { get; init; }

    public string LogFile => Path.Combine(_folder, "relay.log");

    /// <summary>Where the relay takes orders.</summary>
    public string SocketPath => Path.Combine(_folder, "relay.sock");

    /// <summary>Where the spare does.</summary>
    public string SparePath => Path.Combine(_folder, "spare.sock");

    /// <summary>The relay's process.</summary>
    public int Pid => Relay.Pid ?? throw new InvalidOperationException("No relay runs.");

    public static VipAddress NewVip() => Network.Vip(Interlocked.Increment(ref _addresses));

    public static Instant In(int milliseconds) => Clock.Now + TimeSpan.FromMilliseconds(milliseconds);

    internal static NodePlan PlanOf(
        IEnumerable<VipAddress> vips,
        IEnumerable<Backend> backends,
        BalancePolicy balance = BalancePolicy.RoundRobin,
        ListenerProtocol protocol = ListenerProtocol.Http,
        bool proxied = false) => new()
        {
            Generation = new PlanGeneration(Interlocked.Increment(ref _generations)),
            Services =
            [
                new ServicePlan(
                    new ServiceName("web"),
                    [new Listener(Port, protocol)],
                    [.. vips],
                    [.. backends.Select(b => new BackendServer(b.Name, b.Address))],
                    balance,
                    proxied),
            ],
        };

    /// <summary>All of these take connections by their weights.</summary>
    internal static BackendStates StatesOf(NodePlan plan, IEnumerable<Backend> backends) => new()
    {
        Generation = new PlanGeneration(Interlocked.Increment(ref _generations)),
        Plan = plan.Generation,
        Weights = backends.ToImmutableSortedDictionary(b => new BackendKey(new ServiceName("web"), b.Name), b => b.Weight),
    };

    /// <summary>The plan is carried, and these of its backends take connections.</summary>
    internal async Task ApplyAsync(NodePlan plan, params IEnumerable<Backend> backends)
    {
        var states = StatesOf(plan, backends);
        (await Plane.ApplyServicesAsync(plan, states, CancellationToken.None)).ShouldBe(states.Generation);
    }

    /// <summary>A relay that holds one new VIP for these backends for half a minute.</summary>
    public async Task<VipAddress> ServeAsync(
        IEnumerable<Backend> backends,
        BalancePolicy balance = BalancePolicy.RoundRobin,
        ListenerProtocol protocol = ListenerProtocol.Http,
        bool proxied = false)
    {
        var vip = NewVip();
        await ApplyAsync(PlanOf([vip], backends, balance, protocol, proxied), backends);
        (await Vips.HoldAsync([vip], In(30_000), CancellationToken.None)).ShouldBeEmpty();
        Remember();
        return vip;
    }

    /// <summary>The agent is gone without a word, as after kill -9.</summary>
    public Task LoseAgentAsync()
    {
        Remember();
        Relay.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Another agent of the same node.</summary>
    internal async Task<RelayReport> RestartAgentAsync()
    {
        await LoseAgentAsync();
        _relay = NewAgent();
        return await Relay.ConnectAsync(CancellationToken.None);
    }

    internal RelayClient NewAgent()
    {
        var options = new RelayClientOptions
        {
            SocketPath = SocketPath,
            SparePath = HasSpare ? SparePath : null,
            Node = "adc-7",
            OrphanMax = OrphanMax,
            ConnectTimeout = ConnectTimeout,
            AnswerMax = AnswerMax,
            LogFile = LogFile,
            Command = [Program ?? RealProgram],
        };
        return new RelayClient(options, new RelayHost(options), TimeProvider.System, NullLogger<RelayClient>.Instance);
    }

    /// <summary>Sends a signal; after STOP it returns when every thread stands still, because until then a request may rightly be served.</summary>
    public static void Signal(int pid, string signal)
    {
        SendSignal(pid, Signals[signal]).ShouldBe(0);
        if (signal == "STOP")
            SpinWait.SpinUntil(() => StatesOf(pid).All(state => state == 'T'), TimeSpan.FromSeconds(10)).ShouldBeTrue();
    }

    /// <summary>Returns a moment after a lease has ended.</summary>
    public static async Task PassedAsync(Instant end)
    {
        while (Clock.Now < end + TimeSpan.FromMilliseconds(50))
            await Task.Delay(5);
    }

    public static bool Lives(int pid) => RelayHost.Lives(pid);

    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        var since = Stopwatch.StartNew();
        while (!await condition())
        {
            if (since.Elapsed > TimeSpan.FromSeconds(20))
                throw new TimeoutException($"Not within 20 s: {what}.");
            await Task.Delay(5);
        }
    }

    public ValueTask DisposeAsync()
    {
        Remember();
        Relay.Dispose();
        foreach (var pid in _pids.Where(Lives))
            Signal(pid, "KILL");
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);

    private static IEnumerable<char> StatesOf(int pid) => Directory.GetDirectories($"/proc/{pid}/task")
        .Select(task => File.ReadAllText(Path.Combine(task, "stat")))
        .Select(stat => stat[stat.LastIndexOf(')') + 2]);

    private void Remember()
    {
        foreach (var pid in new[] { Relay.Pid, Relay.SparePid }.OfType<int>().Where(pid => !_pids.Contains(pid)))
            _pids.Add(pid);
    }
}
