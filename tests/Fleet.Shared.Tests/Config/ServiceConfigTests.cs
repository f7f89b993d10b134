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
    public void Mistakes_are_located(string text, string beginning) => Load(text).Errors.ShouldContain(e => e.ToString().StartsWith(beginning, StringComparison.Ordinal));

    [Fact]
    public void Render_prints_any_hocon_as_json()
    {
        var files = new SourcesInMemory(("a.conf", "a = 1\nb = ${a}\nl += ${HOME}"));
        ConfigRender.Json("a.conf", ["c=2"], files, n => n == "HOME" ? "/srv/me" : null, indented: false).Value.ShouldBe("{\"a\":1,\"b\":1,\"l\":[\"/srv/me\"],\"c\":2}");
        ConfigRender.Json("a.conf", [], files, SourcesInMemory.NoEnvironment).Errors.ShouldHaveSingleItem().Line.ShouldBe(3);
    }

    static ConfigResult<System.Collections.Immutable.ImmutableArray<Fleet.Shared.Model.Service>> Load(string text) =>
        ServiceConfig.Load("a.conf", new SourcesInMemory(("a.conf", text)), SourcesInMemory.NoEnvironment);
}
