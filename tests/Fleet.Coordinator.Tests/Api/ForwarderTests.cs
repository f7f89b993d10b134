using System.Diagnostics;
using System.Net;
using Fleet.Coordinator.Api;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Coordinator.Tests.Api;

/// <summary>A read is answered with the leader's answer, and only where that is an answer.</summary>
public sealed class ForwarderTests : IAsyncLifetime
{
    private readonly Forwarder _forwarder = new(new CoordinatorIdentity(new CoordinatorAddress("c2", null, null), 1000, [], []));
    private readonly WebApplication _leader;
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;
    private string _api = "";

    public ForwarderTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _leader = builder.Build();
        _leader.Run(context => _answer(context));
    }

    public async Task InitializeAsync()
    {
        await _leader.StartAsync();
        _api = _leader.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public async Task DisposeAsync()
    {
        _forwarder.Dispose();
        await _leader.DisposeAsync();
    }

    [Fact]
    public async Task Answer_is_passed_on_with_what_it_says_of_itself_and_the_question_with_who_passes_it_on()
    {
        string? path = null, by = null;
        _answer = context =>
        {
            (path, by) = (context.Request.Path + context.Request.QueryString, $"{context.Request.Headers[Routes.ForwardedHeader]}");
            context.Response.Headers[Routes.CoordinatorHeader] = "c1";
            context.Response.Headers[Routes.VersionHeader] = "3.7";
            context.Response.Headers[Routes.AgeHeader] = "0";
            context.Response.Headers.Server = "not for others";
            return context.Response.WriteAsync("their answer");
        };
        var (isAnswered, response, body) = await AskAsync("/v1/nodes/a%2Fb", "?limit=2");
        isAnswered.ShouldBeTrue();
        (path, by).ShouldBe(("/v1/nodes/a%2Fb?limit=2", "c2"));
        (response.StatusCode, body).ShouldBe((200, "their answer"));
        string[] headers = [Routes.CoordinatorHeader, Routes.VersionHeader, Routes.AgeHeader];
        headers.Select(name => $"{response.Headers[name]}").ShouldBe(["c1", "3.7", "0"]);
        response.Headers.Server.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(404, true)]
    [InlineData(409, true)]
    [InlineData(307, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task What_is_not_there_is_an_answer_and_a_leader_that_cannot_answer_is_none(int status, bool isAnswer)
    {
        _answer = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("said");
        };
        var (isAnswered, response, body) = await AskAsync("/v1/nodes");
        isAnswered.ShouldBe(isAnswer);
        (response.StatusCode, body).ShouldBe(isAnswer ? (status, "said") : (200, ""), "nothing has been said unless it is answered");
    }

    /// <summary>A leader that was stopped takes connections and answers nothing.</summary>
    [Fact]
    public async Task Leader_that_says_nothing_is_not_waited_for_and_one_that_is_gone_neither()
    {
        var end = new TaskCompletionSource();
        _answer = _ => end.Task;
        var since = Stopwatch.StartNew();
        (await AskAsync("/v1/nodes")).IsAnswered.ShouldBeFalse();
        since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        end.SetResult();
        await _leader.StopAsync();
        (await AskAsync("/v1/nodes")).IsAnswered.ShouldBeFalse();
    }

    private async Task<(bool IsAnswered, HttpResponse Response, string Body)> AskAsync(string path, string query = "")
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        (context.Request.Path, context.Request.QueryString) = (PathString.FromUriComponent(path), new QueryString(query));
        var isAnswered = await _forwarder.TryAsync(context, _api);
        return (isAnswered, context.Response, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
