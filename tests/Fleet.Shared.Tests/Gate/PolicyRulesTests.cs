using Fleet.Shared.Gate;
using Fleet.Shared.Model;

namespace Fleet.Shared.Tests.Gate;

public sealed class PolicyRulesTests
{
    [Theory]
    [InlineData(100, 400, 50, new string[0])]
    [InlineData(100, 300, 50, new string[0])]
    [InlineData(100, 299, 50, new[] { "lease.duration-ms" })]
    [InlineData(100, 400, 399, new string[0])]
    [InlineData(100, 400, 400, new[] { "lease.margin-ms" })]
    public void Times_of_a_lease_fit_each_other(int heartbeat, int duration, int margin, string[] paths) =>
        PolicyRules
            .Mistakes(FleetPolicy.Default with { Lease = new LeaseTerms(heartbeat, duration, margin) })
            .Select(mistake => mistake.Path)
            .ShouldBe(paths);
}
