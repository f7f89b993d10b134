using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fleet.Http;
using Fleet.Shared.Api;
using Fleet.Shared.Config;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Fleet.Node.Control;

/// <summary>What a node reports about itself.</summary>
/// <param name="Pid">The agent's process.</param>
/// <param name="PlanePid">The data plane's process, where it has one.</param>
/// <param name="SparePid">The process that would take its place; null while none is ready.</param>
/// <param name="Linked">A coordinator is connected.</param>
/// <param name="LeaseMs">What is left of the lease; negative when it has run out.</param>
internal sealed record NodeStatus(string Name, int Pid, int? PlanePid, int? SparePid, bool Linked, double LeaseMs, MapVersion Map, int Vips)
{
    /// <summary>VIPs of this node that somebody outside the fleet answers for too, with that one's Ethernet address.</summary>
    public ImmutableSortedDictionary<VipAddress, string> Rivals { get; init; } = ImmutableSortedDictionary<VipAddress, string>.Empty;
}

/// <summary>
/// The node's own small API: <c>/v1/status</c>, <c>/v1/map</c>, <c>/v1/dns</c>, <c>/metrics</c> and <c>/healthz</c>, readable when every coordinator
/// is away.
/// </summary>
internal static class NodeApi
{
    /// <summary>
    /// How much strangers may use a node: people, pbm and metrics collectors query it, and it has better things to do. See docs/LIMITS.md.
    /// </summary>
    public static readonly HttpLimits Limits = new()
    {
        ConnectionsMax = 256,
        ConnectionsPerAddressMax = 128,
        HeadersWithin = TimeSpan.FromSeconds(5),
        IdleMax = TimeSpan.FromMinutes(1),
        HeadersSizeMax = 16 * 1024,
        HeaderCountMax = 64,
        BodySizeMax = 1024,
        BodiesMax = 8,
        ByteRateMin = 240,
        RequestsPerSecond = 200,
        RequestsBurst = 400,
        FollowersMax = 1,
    };

    /// <param name="listening">Bound already, so that whoever starts the agent can wait for its address.</param>
    public static WebApplication Build(
        Socket listening, Action<ILoggingBuilder> logging, Func<NodeStatus> status, Func<FleetMap> map, Func<DnsView> dns)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ListenBounded(
            (IPEndPoint)listening.LocalEndPoint!, Limits with { ConnectionsMax = OpenFiles.HalfFor(Limits.ConnectionsMax) }, listening);
        logging(builder.Logging);
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.KebabCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        var app = builder.Build();
        app.UseBounds(Limits, TimeProvider.System, "/healthz");
        app.MapGet("/v1/status", () => TypedResults.Ok(status()));
        app.MapGet("/v1/map", () => TypedResults.Ok(map()));
        app.MapGet("/v1/dns", () => TypedResults.Ok(dns()));
        app.MapGet("/metrics", () => TypedResults.Text(NodeMetrics.Render(status(), dns()), NodeMetrics.ContentType));
        app.MapGet("/healthz", () => TypedResults.Ok());
        return app;
    }

    /// <summary>Takes the address for good: a second socket cannot be bound to it from here on.</summary>
    /// <exception cref="SocketException">It cannot be had.</exception>
    public static Socket Bind(IPEndPoint listen)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(listen);
        try
        {
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Signals belong to the agent, which hands its VIPs over before it stops.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
