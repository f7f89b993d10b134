using System.Reflection;
using Fleet.Coordinator.Tests.Hostile;
using Fleet.Shared.Api;

namespace Fleet.Coordinator.Tests.Api;

public sealed class RoutesTests
{
    /// <summary>All but the links of nodes and standbys, WebSockets, which OpenAPI does not describe.</summary>
    [Fact]
    public async Task Every_path_that_is_named_is_served()
    {
        await using var coordinator = await CoordinatorChild.StartAsync();
        var served = (await coordinator.GetAsync("/openapi/v1.json"))["paths"].ShouldNotBeNull().AsObject().Select(path => path.Key);
        var named = typeof(Routes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => $"{field.GetRawConstantValue()}")
            .Where(path => path.StartsWith($"{Routes.Root}/", StringComparison.Ordinal) && path is not (Routes.Link or Routes.Standby))
            .ToArray();
        named.ShouldContain(Routes.Map);
        named.Except(served).ShouldBeEmpty("In Routes.cs, and nothing of src/Fleet.Coordinator/Api answers there.");
    }
}
