using System.Net;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Microsoft.AspNetCore.Http.Json;

namespace Fleet.Node.Control;

/// <summary>What a node says of itself.</summary>
/// <param name="Pid">The agent's process.</param>
/// <param name="PlanePid">The data plane's process, where it has one.</param>
/// <param name="SparePid">The process that would take its place; null while none is ready.</param>
/// <param name="Linked">A coordinator is connected.</param>
/// <param name="LeaseMs">What is left of the lease; negative when it has run out.</param>
public sealed record NodeStatus(string Name, int Pid, int? PlanePid, int? SparePid, bool Linked, double LeaseMs, MapVersion Map, int Vips);

/// <summary>The node's own small API: <c>/v1/status</c>, <c>/v1/map</c>, <c>/v1/dns</c>, <c>/metrics</c> and <c>/healthz</c>, readable when every coordinator is away.</summary>
public static class NodeApi
{
    public static WebApplication Build(IPEndPoint listen, Action<ILoggingBuilder> logging, Func<NodeStatus> status, Func<FleetMap> map, Func<DnsView> dns)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(listen));
        logging(builder.Logging);
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.KebabCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        var app = builder.Build();
        app.MapGet("/v1/status", () => TypedResults.Ok(status()));
        app.MapGet("/v1/map", () => TypedResults.Ok(map()));
        app.MapGet("/v1/dns", () => TypedResults.Ok(dns()));
        app.MapGet("/metrics", () => TypedResults.Text(NodeMetrics.Render(status(), dns()), NodeMetrics.ContentType));
        app.MapGet("/healthz", () => TypedResults.Ok());
        return app;
    }

    /// <summary>Signals belong to the agent, which hands its VIPs over before it stops.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
