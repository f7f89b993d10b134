using Fleet.Shared.Config;
using Fleet.Shared.Tests.Hocon;

namespace Fleet.Shared.Tests.Config;

public sealed class ServiceConfigTests
{
    const string Web = "web { vips = 2, listeners = [{port = 80}], backends = [{name = a, address = \"10.9.0.1:80\"}] }";

    [Theory]
    [InlineData("services { " + Web + " }")]
    [InlineData("fleet { services { " + Web + " } }")]
    public void Services_stand_at_the_root_or_below_fleet(string text)
    {
        var result = Load(text);
        result.Errors.ShouldBeEmpty();
        result.Value.ShouldHaveSingleItem().VipCount.ShouldBe(2);
    }

    [Theory]
    [InlineData("services { web { vip = 2 } }", "a.conf:1: services.web.vip: found an unknown key (did you mean vips?), allowed: ")]
    [InlineData("service { web { } }", "a.conf:1: service: found an unknown key (did you mean services?), allowed: fleet, vars, services")]
    [InlineData("", "a.conf: services: found no service, allowed: services { name { ... } }")]
    public void Mistakes_are_located(string text, string beginning) =>
        Load(text).Errors.ShouldContain(e => e.ToString().StartsWith(beginning, StringComparison.Ordinal));

    [Fact]
    public void Render_prints_any_hocon_as_json()
    {
        var files = new SourcesInMemory(("a.conf", "a = 1\nb = ${a}\nl += ${HOME}"));
        ConfigRender.Json("a.conf", ["c=2"], files, n => n == "HOME" ? "/srv/me" : null, indented: false).Value
            .ShouldBe("{\"a\":1,\"b\":1,\"l\":[\"/srv/me\"],\"c\":2}");
        ConfigRender.Json("a.conf", [], files, SourcesInMemory.NoEnvironment).Errors.ShouldHaveSingleItem().Line.ShouldBe(3);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("feedback.port = 9777", "FeedbackSpec { Port = 9777, IntervalMs = 1000, TimeoutMs = 500 }")]
    [InlineData("feedback { port = 9777, interval = 200ms, timeout = 200ms }", "FeedbackSpec { Port = 9777, IntervalMs = 200, TimeoutMs = 200 }")]
    public void Feedback_agents_are_asked_where_they_have_a_port(string text, string? spec)
    {
        var read = Load(
            $"services.web {{ vips = 2, listeners = [{{port = 80}}], backends = [{{name = a, address = \"10.9.0.1:80\"}}], {text} }}").Value
            .ShouldHaveSingleItem().Pool.Feedback
            ?.ToString();
        read.ShouldBe(spec);
    }

    [Theory]
    [InlineData("port = 0", "port: found 0, allowed: a whole number from 1 to 65535")]
    [InlineData("timeout = 2s", "timeout: found 2000ms with an interval of 1000ms, allowed: at most the interval")]
    [InlineData("interval = 50ms", "interval: found \"50ms\", allowed: a duration from 100ms to 1m")]
    public void Mistake_about_feedback_agents(string text, string message) =>
        Load(
            $"services.web "
            + $"{{ vips = 2, listeners = [{{port = 80}}], backends = [{{name = a, address = \"10.9.0.1:80\"}}], "
                + $"feedback {{ {text} }} }}").Errors.Select(e =>
                e.ToString())
            .ShouldBe([$"a.conf:1: services.web.feedback.{message}"]);

    static ConfigResult<System.Collections.Immutable.ImmutableArray<Fleet.Shared.Model.Service>> Load(string text) =>
        ServiceConfig.Load("a.conf", new SourcesInMemory(("a.conf", text)), SourcesInMemory.NoEnvironment);
}
