using System.Collections.Concurrent;
using System.Text.Json;
using Fleet.Shared.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Cli.Tests;

/// <summary>A request as the fake coordinator got it.</summary>
public sealed record Asked(string Method, string Path, string? IfMatch, string? Actor, string Body);

/// <summary>A coordinator's API on loopback with canned answers; what is not canned is 404, as a problem document.</summary>
public sealed class FakeApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new(StringComparer.Ordinal);

    private FakeApi(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>The commands among the requests, as <c>METHOD PATH</c>.</summary>
    public IEnumerable<string> Commands => Requests.Where(asked => asked.Method != "GET").Select(asked => $"{asked.Method} {asked.Path}");

    public static async Task<FakeApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseShutdownTimeout(TimeSpan.FromMilliseconds(100));
        var app = builder.Build();
        var fake = new FakeApi(app);
        app.Run(fake.AnswerAsync);
        await app.StartAsync();
        return fake.WithTheFleet();
    }

    public FakeApi On(string method, string path, int status, string body) => On(method, path, async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        await http.Response.WriteAsync(body);
    });

    public FakeApi On(string method, string path, RequestDelegate answer)
    {
        _answers[$"{method} {path}"] = answer;
        return this;
    }

    public FakeApi Problem(string method, string path, int status, string detail, string? outcome = null) =>
        On(
            method,
            path,
            status,
            $$"""{"title":"No","status":{{status}},"detail":"{{detail}}"{{(outcome is null ? "" : $",\"{Outcomes.Member}\":\"{outcome}\"")}}}""");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private FakeApi WithTheFleet()
    {
        On("GET", Routes.Cluster, 200, JsonSerializer.Serialize(CannedFleet.Cluster, ApiJson.Default.ClusterView));
        On("GET", Routes.Coordinators, 200, JsonSerializer.Serialize(CannedFleet.Coordinators, ApiJson.Default.ImmutableArrayCoordinatorView));
        On("GET", Routes.Nodes, 200, JsonSerializer.Serialize(CannedFleet.Nodes, ApiJson.Default.ImmutableArrayNodeView));
        On("GET", Routes.Node("adc-1"), 200, JsonSerializer.Serialize(CannedFleet.Nodes[0], ApiJson.Default.NodeView));
        On("GET", Routes.Vips, 200, JsonSerializer.Serialize(CannedFleet.Vips, ApiJson.Default.ImmutableArrayVipView));
        On("GET", Routes.Vip("127.0.10.3"), 200, JsonSerializer.Serialize(CannedFleet.Vips[2], ApiJson.Default.VipView));
        On("GET", Routes.VipExplain("127.0.10.3"), 200, JsonSerializer.Serialize(CannedFleet.Explanation, ApiJson.Default.VipExplanation));
        On("GET", Routes.Services, 200, JsonSerializer.Serialize(CannedFleet.Services, ApiJson.Default.ImmutableArrayServiceView));
        On("GET", Routes.Service("web"), 200, JsonSerializer.Serialize(CannedFleet.Services[1], ApiJson.Default.ServiceView));
        On("GET", Routes.Publishing, 200, JsonSerializer.Serialize(CannedFleet.Publishing, ApiJson.Default.ImmutableArrayPublishingView));
        On("GET", Routes.Events, 200, JsonSerializer.Serialize(CannedFleet.Events, ApiJson.Default.ImmutableArrayEventView));
        return On("GET", Routes.Map, 200, CannedFleet.Json(CannedFleet.Map));
    }

    private static string? Header(HttpContext http, string name) => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new StreamReader(http.Request.Body);
        var path = http.Request.Path.Value ?? "";
        Requests.Enqueue(new Asked(
            http.Request.Method,
            path + http.Request.QueryString,
            Header(http, "If-Match"),
            Header(http, Routes.ActorHeader),
            await body.ReadToEndAsync()));
        if (_answers.TryGetValue($"{http.Request.Method} {path}", out var answer))
        {
            await answer(http);
            return;
        }

        http.Response.StatusCode = 404;
        http.Response.ContentType = "application/problem+json";
        await http.Response.WriteAsync("""{"title":"Not found","status":404,"detail":"The fleet knows nothing of that name."}""");
    }
}
