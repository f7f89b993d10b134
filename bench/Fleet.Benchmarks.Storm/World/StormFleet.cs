using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Fleet.Benchmarks.Storm.Faults;
using Fleet.Benchmarks.Storm.Judging;
using Fleet.Demo.Clients;
using Fleet.Demo.Fleets;
using Fleet.Demo.Processes;
using Fleet.EndToEnd.Tests.Wan;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>The fleet under the storm: its processes, the wires between them, and who of them was told to end.</summary>
internal sealed class StormFleet : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(20);

    private readonly string _folder;
    private readonly FleetProcesses _processes;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(1) };
    private readonly HashSet<ChildProcess> _told = [];
    private readonly HashSet<ChildProcess> _reported = [];
    private readonly Dictionary<(string Role, int Pid), long> _since = [];

    public StormFleet(string folder, int nodes)
    {
        _folder = folder;
        _processes = new FleetProcesses(new FleetPlan(folder, nodes, Vips: 2 * nodes, Wires: Wires));
        Names = [.. Enumerable.Range(1, nodes).Select(i => $"adc-{i}")];
    }

    public WanWires Wires { get; } = new();

    public FleetApi Api => _processes.Api;

    /// <summary>Those that the fleet began with, and one or two more that may join.</summary>
    public ImmutableArray<string> Names { get; private set; }

    public ImmutableArray<string> Living => [.. _processes.Nodes.Keys.Where(Lives)];

    public async Task StartAsync(CancellationToken cancellation)
    {
        await _processes.StartAsync(cancellation);
        Names = Names.Add($"adc-{Names.Length + 1}");
    }

    public bool Lives(string node) => _processes.Nodes.TryGetValue(node, out var found) && !found.Agent.HasExited;

    /// <summary>The address that a node's datagrams come from.</summary>
    public IPAddress AddressOf(string node) => _processes.Nodes[node].Dns.Address;

    /// <summary>Those that were ever started: each has wires.</summary>
    public IEnumerable<string> Wired => _processes.Nodes.Keys;

    /// <summary>Ends what is there with <c>kill -9</c>, and forgets nobody's pid before it is dead.</summary>
    public async Task KillAsync(Place place, CancellationToken cancellation)
    {
        var pids = await PidsAsync(place, cancellation);
        if (place.Part == Part.Coordinator)
            Tell(_processes.Coordinator!);
        else if (place.Part is Part.Agent or Part.Host)
            Tell(_processes.Nodes[place.Node].Agent);
        foreach (var pid in pids)
            ChildProcess.Send(pid, Signal.Kill);
        if (place.Part == Part.Coordinator)
            await _processes.Coordinator!.WaitAsync(cancellation);
        else if (place.Part != Part.Relay)
            await _processes.Nodes[place.Node].Agent.WaitAsync(cancellation);
    }

    public async Task<ImmutableArray<int>> StopAsync(ImmutableArray<Place> places, CancellationToken cancellation)
    {
        var pids = (await Task.WhenAll(places.Select(place => PidsAsync(place, cancellation)))).SelectMany(found => found).ToImmutableArray();
        foreach (var pid in pids)
            ChildProcess.Send(pid, Signal.Stop);
        return pids;
    }

    /// <summary>A relay may have been killed by its agent meanwhile, and its number may be another program's.</summary>
    public void Continue(ImmutableArray<int> pids)
    {
        foreach (var pid in pids.Where(IsOurs))
            ChildProcess.Send(pid, Signal.Continue);
    }

    /// <summary>Starts what was killed, or a node that was away, and waits until it says something.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public async Task StartAsync(Place place, CancellationToken cancellation)
    {
        if (place.Part == Part.Coordinator)
        {
            _processes.StartCoordinator();
            await UntilAsync(() => HearsAsync(new Uri(Api.Url, "/healthz"), cancellation), $"the {place} to answer", StartMax, cancellation);
            return;
        }

        var node = _processes.StartNode(place.Node);
        await UntilAsync(() => HearsAsync(new Uri($"http://{node.Api}/v1/status"), cancellation), $"{place.Node} to answer", StartMax, cancellation);
    }

    /// <summary>It was told to leave: its agent's end is no crash.</summary>
    public async Task EndedAsync(string node, TimeSpan patience, CancellationToken cancellation)
    {
        Tell(_processes.Nodes[node].Agent);
        await UntilAsync(() => Task.FromResult(!Lives(node)), $"{node} to end after it was told to leave", patience, cancellation);
    }

    /// <summary>It may have been told to leave.</summary>
    public void MayEnd(string node) => Tell(_processes.Nodes[node].Agent);

    /// <summary>Processes that have ended since the last call.</summary>
    public ImmutableArray<EndedProcess> NewlyEnded()
    {
        var ended = _processes.Started.Where(child => child.HasExited && _reported.Add(child)).ToArray();
        return [.. ended.Select(child => new EndedProcess(child.Name, child.Pid, child.ExitCode, _told.Contains(child)))];
    }

    /// <summary>Notes who does what: a spare that becomes the relay begins to age anew.</summary>
    public async Task<ImmutableArray<(string Role, int Pid)>> RolesAsync(CancellationToken cancellation)
    {
        var roles = new List<(string Role, int? Pid)> { ("coordinator", _processes.Coordinator!.Pid) };
        foreach (var node in _processes.Nodes.Values.Where(node => !node.Agent.HasExited).ToArray())
        {
            var (relay, spare) = await RelaysOfAsync(node, cancellation);
            roles.AddRange([($"agent of {node.Name}", node.Agent.Pid), ($"relay of {node.Name}", relay), ($"spare of {node.Name}", spare)]);
        }

        var found = roles.Where(role => role.Pid is not null).Select(role => (role.Role, role.Pid!.Value)).ToImmutableArray();
        foreach (var role in found)
            _since.TryAdd(role, TimeProvider.System.GetTimestamp());
        return found;
    }

    /// <summary>One look at each process that has been what it is for so long.</summary>
    public async Task<ImmutableArray<ProcessLook>> LookAsync(TimeSpan age, CancellationToken cancellation) =>
    [
        .. (await RolesAsync(cancellation)).Where(role => TimeProvider.System.GetElapsedTime(_since[role]) >= age)
            .Select(role => ProcessFiles.Look(role.Role, role.Pid)).OfType<ProcessLook>(),
    ];

    /// <summary>Whatever is stopped goes on first: a relay that was stopped would never notice that its agent is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var pid in _processes.Started.Where(child => !child.HasExited).Select(child => child.Pid).Concat(AllRelays()))
            ChildProcess.Send(pid, Signal.Continue);
        await _processes.DisposeAsync();
        foreach (var pid in AllRelays())
            ChildProcess.Send(pid, Signal.Kill);
        Wires.Dispose();
        _http.Dispose();
    }

    private void Tell(ChildProcess child) => _told.Add(child);

    private async Task<ImmutableArray<int>> PidsAsync(Place place, CancellationToken cancellation)
    {
        if (place.Part == Part.Coordinator)
            return [_processes.Coordinator!.Pid];
        var node = _processes.Nodes[place.Node];
        ImmutableArray<int> agent = node.Agent.HasExited ? [] : [node.Agent.Pid];
        return place.Part switch
        {
            Part.Agent => agent,
            Part.Relay => (await RelaysOfAsync(node, cancellation)).Relay is { } relay ? [relay] : [.. RelaysOf(place.Node)],
            _ => [.. agent, .. RelaysOf(place.Node)],
        };
    }

    /// <summary>As the agent says; nulls when it does not.</summary>
    private async Task<(int? Relay, int? Spare)> RelaysOfAsync(NodeProcess node, CancellationToken cancellation)
    {
        try
        {
            using var status = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"http://{node.Api}/v1/status"), cancellation));
            return (Pid(status, "plane-pid"), Pid(status, "spare-pid"));
        }
        catch (Exception e) when (Silence.Is(e, cancellation))
        {
            return (null, null);
        }
    }

    private static int? Pid(JsonDocument status, string which) =>
        status.RootElement.TryGetProperty(which, out var pid) && pid.ValueKind == JsonValueKind.Number ? pid.GetInt32() : null;

    private int[] AllRelays() => [.. _processes.Nodes.Keys.SelectMany(RelaysOf)];

    /// <summary>Relay and spare, by the sockets that they were started with, which lie in this storm's own folder.</summary>
    private IEnumerable<int> RelaysOf(string node) => Sockets(node).SelectMany(ProcessFiles.WithArgument);

    private bool IsOurs(int pid) =>
        _processes.Started.Any(child => !child.HasExited && child.Pid == pid)
        || _processes.Nodes.Keys.SelectMany(Sockets).Any(socket => ProcessFiles.HasArgument(pid, socket));

    private string[] Sockets(string node) => [Path.Combine(_folder, "data", node, "relay.sock"), Path.Combine(_folder, "data", node, "spare.sock")];

    private async Task<bool> HearsAsync(Uri url, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync(url, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (Silence.Is(e, cancellation))
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what, TimeSpan patience, CancellationToken cancellation)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !await isSo();)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > patience)
                throw new TimeoutException($"Waited {patience.TotalSeconds:0} s for {what}.");
            await Task.Delay(AskEvery, cancellation);
        }
    }
}
