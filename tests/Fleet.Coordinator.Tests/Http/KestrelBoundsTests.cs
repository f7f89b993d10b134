using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Http;
using Fleet.Shared.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Coordinator.Tests.Http;

/// <summary>The bounds as a client meets them, over real sockets.</summary>
public sealed class KestrelBoundsTests : IAsyncLifetime
{
    private static readonly HttpLimits Tight = Limits.Default.Http with
    {
        ConnectionsMax = 20,
        ConnectionsPerAddressMax = 20,
        HeadersWithin = TimeSpan.FromSeconds(1),
        BodySizeMax = 4096,
        BodiesMax = 4,
        ByteRateMin = 10_000,
        RequestsPerSecond = 1,
        RequestsBurst = 50,
        FollowersMax = 2,
    };

    private readonly SemaphoreSlim _hold = new(0);
    private readonly List<Socket> _sockets = [];
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ListenBounded(new IPEndPoint(IPAddress.Loopback, 0), Tight);
        _app = builder.Build();
        _app.UseBounds(Tight, TimeProvider.System, "/healthz");
        _app.UseMiddleware<FollowerGate>(Tight, "/follow");
        _app.MapGet("/", () => "here");
        _app.MapGet("/healthz", () => "well");
        _app.MapPut("/size", async (HttpContext context) => $"{(await new StreamReader(context.Request.Body).ReadToEndAsync()).Length}");
        _app.MapPut("/json", (JsonObject body) => $"{body["a"]}");
        _app.MapPut("/hold", () => _hold.WaitAsync());
        _app.MapGet("/follow", async (HttpContext context) =>
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = TimeSpan.FromSeconds(20) };
    }

    public async Task DisposeAsync()
    {
        _hold.Release(100);
        foreach (var socket in _sockets)
            socket.Dispose();
        _client.Dispose();
        await _app.DisposeAsync();
        _hold.Dispose();
    }

    [Fact]
    public async Task Slow_headers_keep_nobody_out_and_are_closed_in_time()
    {
        var slow = new List<Socket>();
        for (var i = 0; i < 100; i++)
            slow.Add(await ConnectAsync("GET / HTTP/1.1\r\nHost: h\r\nX-Slow: "));
        (await _client.GetStringAsync("/")).ShouldBe("here");
        _app.Services.GetRequiredService<ConnectionGate>().Count.ShouldBeLessThanOrEqualTo(20);
        await EndAsync(slow[0]);
        var last = slow[^1];
        for (var i = 0; i < 15; i++)
        {
            await TrickleAsync(last);
            await Task.Delay(100);
        }

        await EndAsync(last);
        _app.Services.GetRequiredService<ConnectionGate>().Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Silent_connection_is_closed_in_time()
    {
        var silent = await ConnectAsync("");
        (await EndAsync(silent)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_within_its_bound_arrives_whole_and_as_json()
    {
        (await (await _client.PutAsync("/size", new StringContent(new string('x', 4096)))).Content.ReadAsStringAsync()).ShouldBe("4096");
        (await (await _client.PutAsJsonAsync("/json", new JsonObject { ["a"] = 7 })).Content.ReadAsStringAsync()).ShouldBe("7");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_beyond_its_bound_is_refused_with_a_problem_that_names_the_bound(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/size") { Content = new StringContent(new string('x', 4097)) };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await _client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await ProblemAsync(response)).ShouldContain("4096 bytes");
    }

    [Fact]
    public async Task Slow_bodies_hold_up_no_other_body_and_are_given_up()
    {
        var slow = new List<Socket>();
        for (var i = 0; i < 100; i++)
            slow.Add(await ConnectAsync("PUT /size HTTP/1.1\r\nHost: h\r\nContent-Length: 4000\r\n\r\nx"));
        // Those that the server has not come to yet are newer than whoever asks now.
        for (var i = 0; i < 1000 && slow.Count(IsOpen) > Tight.BodiesMax; i++)
            await Task.Delay(20);
        slow.Count(IsOpen).ShouldBeLessThanOrEqualTo(Tight.BodiesMax);
        (await _client.PutAsync("/size", new StringContent("four"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await EndAsync(slow[0]);
        var last = slow[^1];
        for (var i = 0; i < 40 && last.Available == 0; i++)
        {
            await TrickleAsync(last);
            await Task.Delay(200);
        }

        await EndAsync(last);
    }

    [Fact]
    public async Task Changes_beyond_what_can_be_carried_out_are_told_to_come_again()
    {
        var held = Enumerable.Range(0, 4).Select(_ => _client.PutAsync("/hold", new StringContent("x"))).ToArray();
        HttpResponseMessage response;
        do
        {
            await Task.Delay(100);
            response = await _client.PutAsync("/size", new StringContent("x"));
        }
        while (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests); // Asking may itself have been too much.
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        _hold.Release(4);
        await Task.WhenAll(held);
        (await _client.PutAsync("/size", new StringContent("x"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_again_and_health_is_not_counted()
    {
        HttpResponseMessage response;
        var asked = 0;
        do
        {
            response = await _client.GetAsync("/");
            asked++;
        }
        while (response.IsSuccessStatusCode && asked < 200);
        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        asked.ShouldBeInRange(51, 80);
        response.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        (await ProblemAsync(response)).ShouldContain("50 times at once");
        for (var i = 0; i < 60; i++)
            (await _client.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(1, 17 * 1024)]
    [InlineData(70, 1)]
    public async Task Headers_beyond_their_bounds_are_refused(int count, int size)
    {
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('x', size)}\r\n"));
        (await EndAsync(await ConnectAsync($"GET / HTTP/1.1\r\nHost: h\r\n{headers}\r\n"))).ShouldStartWith("HTTP/1.1 431");
    }

    [Fact]
    public async Task Newest_followers_are_served_and_the_oldest_is_closed()
    {
        var followers = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            followers.Add(await ConnectAsync("GET /follow HTTP/1.1\r\nHost: h\r\n\r\n"));
            (await followers[i].ReceiveAsync(new byte[4096])).ShouldBeGreaterThan(0);
        }

        await EndAsync(followers[0]);
        followers[1].Poll(0, SelectMode.SelectRead).ShouldBeFalse();
        followers[2].Poll(0, SelectMode.SelectRead).ShouldBeFalse();
    }

    private static async Task<string> ProblemAsync(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["detail"]!;
    }

    private static bool IsOpen(Socket socket) => !socket.Poll(0, SelectMode.SelectRead);

    private async Task<Socket> ConnectAsync(string text)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(_app.Urls.First()).Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        return socket;
    }

    private static async Task TrickleAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("x"u8.ToArray());
        }
        catch (SocketException)
        {
            // It has been closed: that is what is waited for.
        }
    }

    /// <summary>Everything until the other side ends it, which it does before long.</summary>
    private static async Task<string> EndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) is > 0 and var count)
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }

        return text.ToString();
    }
}
