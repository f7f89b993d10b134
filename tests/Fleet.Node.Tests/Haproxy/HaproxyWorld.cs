using System.Collections.Immutable;
using System.Net;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Haproxy;
using Fleet.Node.DataPlanes.Haproxy.Answers;
using Fleet.Node.Tests.Relay;
using Fleet.Node.Vips;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>
/// An HAProxy of its own and an agent's hand on it. It listens on all addresses of the loopback interface alone, so VIPs are 127.x.y.z, and nothing
/// is reached from elsewhere; it takes no root.
/// </summary>
public sealed class HaproxyWorld : IAsyncDisposable, IAsyncLifetime
{
    private static long _generations;
    private readonly Lazy<string> _folder = new(() => Directory.CreateTempSubdirectory("hap-").FullName);
    private readonly CancellationTokenSource _stop = new();
    private HaproxyDriver? _driver;
    private Task? _running;
    private bool _connected;

    public int Port { get; } = HaproxyPorts.Take();

    /// <summary>A program that stands in for HAProxy.</summary>
    public string? Program { get; init; }

    /// <summary>More than a busy machine needs: agents that are to see that one stands still come later, and ask for less.</summary>
    public TimeSpan AnswerMax { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan SilenceMax { get; set; } = TimeSpan.FromSeconds(20);

    public TimeSpan FirstRequestMax { get; set; } = TimeSpan.FromSeconds(1);

    public bool OverIPv6 { get; init; }

    public string Folder => _folder.Value;

    /// <summary>The agent's driver now.</summary>
    internal HaproxyDriver Driver => _driver ??= NewDriver();

    internal HaproxyPlane Plane => (HaproxyPlane)Driver.Plane;

    /// <summary>The process that takes new connections.</summary>
    public int Pid => Driver.Pid ?? throw new InvalidOperationException("No HAProxy runs.");

    internal static PlanGeneration NewGeneration() => new(Interlocked.Increment(ref _generations));

    internal static NodePlan PlanOf(params IEnumerable<ServicePlan> services) => new() { Generation = NewGeneration(), Services = [.. services] };

    internal static ServicePlan Service(
        string name, IEnumerable<Listener> listeners, IEnumerable<VipAddress> vips, IEnumerable<TestBackend> backends, bool proxied = false) => new(
            new ServiceName(name),
            [.. listeners],
            [.. vips],
            [.. backends.Select(b => new BackendServer(b.Name, b.Address))],
            BalancePolicy.RoundRobin,
            proxied);

    /// <summary>All backends of the plan take connections.</summary>
    internal static BackendStates StatesOf(NodePlan plan, int weight = 100) => new()
    {
        Generation = NewGeneration(),
        Plan = plan.Generation,
        Weights = plan.Services.SelectMany(s => s.Backends.Select(b => new BackendKey(s.Name, b.Name)))
            .ToImmutableSortedDictionary(key => key, _ => weight),
    };

    internal async Task ApplyAsync(params IEnumerable<ServicePlan> services)
    {
        var plan = PlanOf(services);
        var states = StatesOf(plan);
        (await Plane.ApplyServicesAsync(plan, states, CancellationToken.None)).ShouldBe(states.Generation);
    }

    /// <summary>There is an HAProxy that can be told what to do.</summary>
    public async Task StartAsync()
    {
        if (!_connected)
            await Driver.ConnectAsync(CancellationToken.None);
        _connected = true;
    }

    /// <summary>Somebody looks after it from now on, as an agent does.</summary>
    public void LookAfter() => _running ??= Driver.RunAsync(_stop.Token);

    /// <summary>The agent is gone without a word, and another one comes.</summary>
    public async Task RestartAgentAsync()
    {
        Driver.Dispose();
        _driver = NewDriver();
        await Driver.ConnectAsync(CancellationToken.None);
    }

    internal async Task<ProcessTable> LookAsync() =>
        ProcessTable.TryRead((await MasterLink.AskAsync(Path.Combine(Folder, "master.sock"), "show proc", CancellationToken.None))!)!;

    internal HaproxyOptions Options()
    {
        var options = HaproxyOptions.In(Folder, "adc-7");
        return options with
        {
            Program = Program ?? options.Program,
            AnswerMax = AnswerMax,
            SilenceMax = SilenceMax,
            FirstRequestMax = FirstRequestMax,
            LoadMax = TimeSpan.FromSeconds(30),
            Rendering = options.Rendering with
            {
                ListenAddresses = [OverIPv6 ? IPAddress.IPv6Any : IPAddress.Any],
                Interface = "lo",
                Transparent = false,
                Threads = 2,
            },
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_running ?? Task.CompletedTask);
        await Driver.EndAsync(CancellationToken.None);
        Driver.Dispose();
        _stop.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    private HaproxyDriver NewDriver() => new(Options(), new NoVips(), TimeProvider.System, NullLoggerFactory.Instance);

    private sealed class NoVips : IVipHolder
    {
        public Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(
            ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation) =>
            Task.FromResult(ImmutableSortedDictionary<VipAddress, string>.Empty);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
