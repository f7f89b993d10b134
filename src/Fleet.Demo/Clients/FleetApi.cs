using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Fleet.Shared.Api;
using Fleet.Shared.Map;

namespace Fleet.Demo.Clients;

/// <summary>Reads a fleet's API, at any of its coordinators.</summary>
/// <param name="network">How they are reached; null is the host's own network.</param>
internal sealed class FleetApi(ImmutableArray<Uri> coordinators, HttpMessageHandler? network = null) : IDisposable
{
    private readonly HttpClient _http =
        new(new AnyCoordinator(coordinators, network)) { BaseAddress = coordinators[0], Timeout = TimeSpan.FromSeconds(5) };

    public FleetApi(Uri url)
        : this([url])
    {
    }

    /// <summary>Of the first.</summary>
    public Uri Url => coordinators[0];

    public ImmutableArray<Uri> Coordinators => coordinators;

    /// <summary>As the leader knows them.</summary>
    public async Task<ImmutableArray<CoordinatorView>> CoordinatorsAsync(CancellationToken cancellation) =>
        await _http.GetFromJsonAsync(Routes.Coordinators, ApiJson.Default.ImmutableArrayCoordinatorView, cancellation);

    public async Task<ClusterView> ClusterAsync(CancellationToken cancellation) =>
        await _http.GetFromJsonAsync(Routes.Cluster, ApiJson.Default.ClusterView, cancellation) ?? throw new JsonException("No cluster.");

    public async Task<FleetMap> MapAsync(CancellationToken cancellation) =>
        await _http.GetFromJsonAsync(Routes.Map, ApiJson.Default.FleetMap, cancellation) ?? throw new JsonException("No map.");

    public async Task<ImmutableArray<NodeView>> NodesAsync(CancellationToken cancellation) =>
        await _http.GetFromJsonAsync(Routes.Nodes, ApiJson.Default.ImmutableArrayNodeView, cancellation);

    public Task<HttpResponseMessage> PostAsync(string node, string verb, CancellationToken cancellation) =>
        _http.PostAsync(Routes.Node(node, verb), null, cancellation);

    public Task<HttpResponseMessage> PutAsync(Fleet.Shared.Model.Service service, CancellationToken cancellation) =>
        _http.PutAsJsonAsync(Routes.Service(service.Name.Value), service, ApiJson.Default.Service, cancellation);

    public Task<HttpResponseMessage> RemoveServiceAsync(string service, CancellationToken cancellation) =>
        _http.DeleteAsync(Routes.Service(service), cancellation);

    /// <summary>The data plane's process of a node, from the node's own API.</summary>
    public async Task<int> RelayPidAsync(IPEndPoint node, CancellationToken cancellation) =>
        await PidAsync(node, "plane-pid", cancellation) ?? throw new InvalidOperationException($"The node at {node} has no relay.");

    /// <summary>The relay that stands by; null while none is ready.</summary>
    public Task<int?> SparePidAsync(IPEndPoint node, CancellationToken cancellation) => PidAsync(node, "spare-pid", cancellation);

    private async Task<int?> PidAsync(IPEndPoint node, string which, CancellationToken cancellation)
    {
        using var status = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"http://{node}/v1/status"), cancellation));
        return status.RootElement.TryGetProperty(which, out var pid) && pid.ValueKind == JsonValueKind.Number ? pid.GetInt32() : null;
    }

    /// <summary>Waits until the API answers, at most 30 s.</summary>
    public Task WaitAsync(CancellationToken cancellation) =>
        UntilAsync(_ => true, TimeSpan.FromSeconds(30), "the coordinator to answer", cancellation);

    /// <summary>Waits until a map meets the condition, and returns it.</summary>
    /// <exception cref="TimeoutException">No map met it in time.</exception>
    public async Task<FleetMap> UntilAsync(Func<FleetMap, bool> isSo, TimeSpan patience, string what, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(patience);
        while (true)
        {
            try
            {
                var map = await MapAsync(deadline.Token);
                if (isSo(map))
                    return map;
                await Task.Delay(20, deadline.Token);
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or JsonException && !deadline.IsCancellationRequested)
            {
                await Task.Delay(50, CancellationToken.None);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {patience.TotalSeconds:0} s for {what}.", e);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Every VIP is served, nothing is on the move, every backend is up, and these many nodes are up.</summary>
    public static bool IsSettled(FleetMap map, int nodesUp) =>
        map.Vips.Count > 0
        && map.Vips.Values.All(v => v is { Phase: VipPhase.Serving, Successor: null })
        && map.Nodes.Values.Count(n => n.Presence == NodePresence.Up) == nodesUp
        && Spread(map) <= 1
        && map.Services.Values.All(s => s.Pool.Backends.All(b => map.VerdictOf(s.Name, b.Name) == Verdict.Up));

    /// <summary>The difference between the node with the most VIPs and the one with the fewest, of those that take any.</summary>
    private static int Spread(FleetMap map)
    {
        var counts = map.Nodes.Values.Where(n => n.TakesVips).Select(n => map.Vips.Values.Count(v => v.Owner == n.Name)).DefaultIfEmpty(0).ToArray();
        return counts.Max() - counts.Min();
    }
}
