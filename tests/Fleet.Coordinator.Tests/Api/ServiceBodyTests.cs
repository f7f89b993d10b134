using System.Text;
using Fleet.Coordinator.Api;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Api;

public sealed class ServiceBodyTests
{
    [Fact]
    public void What_a_body_leaves_out_has_the_defaults_of_a_configuration_file()
    {
        ServiceBody.TryRead(
            Parse(
                """{"name":"web","listeners":[{"port":80,"protocol":"http"}],"vip-count":3,"pool":{"backends":[{"nam"""
                    + """e":"a","address":"10.0.0.1:80"}],"check":{"kind":"http"}}}"""),
            out var service,
            out _)
            .ShouldBeTrue();
        service!.Vips.ShouldBeEmpty();
        service.VipCount.ShouldBe(3);
        service.DrainTimeoutMs.ShouldBe(5000);
        service.Gslb.ShouldBe(GslbSpec.Default);
        service.Pool.Check.ShouldBe(CheckSpec.Default with { Kind = CheckKind.Http });
        service.Pool.Backends.ShouldHaveSingleItem().Weight.ShouldBe(100);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":"web"}""")]
    [InlineData("""{"name":"web","listeners":[{"port":80,"protocol":"http"}],"pool":{}}""")]
    [InlineData("""{"name":"web","listeners":[{"port":80}],"pool":{"backends":[]}}""")]
    [InlineData("""{"name":"web","listeners":[],"pool":{"backends":[{"name":"a"}]}}""")]
    [InlineData("""{"name":"web","listeners":[],"pool":{"backends":[{"name":null,"address":"10.0.0.1:80"}]}}""")]
    [InlineData("""{"name":"web","listeners":"none","pool":{"backends":[]}}""")]
    [InlineData("""{"name":"web","listeners":[{"port":80,"protocol":"gopher"}],"pool":{"backends":[]}}""")]
    [InlineData("""{"name":"web","listeners":[],"pool":{"backends":[{"name":"a","address":"nowhere"}]}}""")]
    public void Body_that_is_no_service_is_refused_with_a_reason(string body)
    {
        ServiceBody.TryRead(Parse(body), out _, out var mistakes).ShouldBeFalse();
        mistakes.ShouldNotBeEmpty();
    }

    private static byte[] Parse(string text) => Encoding.UTF8.GetBytes(text);
}
