using Fleet.Placement.Model;
using Fleet.Placement.Proof;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Proof;

public sealed class CertificateTests
{
    /// <summary>Four nodes of 100 in two racks; web has 1 to 4, store 5 and 6, each asks for 10; 1 is new, 5 and 6 lay on adc-1.</summary>
    private static readonly PlacementProblem Problem = new()
    {
        Protection = new Protection(0, 0, 1),
        Nodes = [.. Enumerable.Range(1, 4).Select(i => new PlanNode
        {
            Name = Build.Name($"adc-{i}"),
            Site = new SiteName("here"),
            Domain = new DomainName($"rack-{i % 2}"),
            Capacity = new Load(100, PlanNode.Unbounded),
        })],
        Vips = [.. Enumerable.Range(1, 6).Select(i => new PlanVip
        {
            Address = Build.Vip(i),
            Service = new ServiceName(i <= 4 ? "web" : "store"),
            Demand = new Load(10),
            Owner = i == 1 ? null : Build.Name(i <= 4 ? $"adc-{i}" : "adc-1"),
        })],
    };

    [Fact]
    public void Every_figure_stands_beside_its_bound()
    {
        var certificate = Certificate.Compute(Problem, Plan("adc-1", "adc-2", "adc-3", "adc-4", "adc-1", "adc-2"));

        certificate.Moves.ShouldBe(2);
        certificate.MovedBps.ShouldBe(20);
        certificate.MovedBpsBound.ShouldBe(10);
        certificate.UtilisationMax.ShouldBe(0.2);
        certificate.UtilisationBound.ShouldBe(0.2, 1e-9);
        (certificate.OnNodes.Most, certificate.OnNodes.Bound).ShouldBe((1, 1));
        (certificate.OnDomains.Most, certificate.OnDomains.Bound).ShouldBe((1, 1));
    }

    [Fact]
    public void The_service_that_lies_closest_together_is_told()
    {
        var certificate = Certificate.Compute(Problem, Plan("adc-1", "adc-1", "adc-1", "adc-3", "adc-2", "adc-2"));

        certificate.OnNodes.ShouldBe(new Spread(new ServiceName("web"), 3, 1));
        certificate.OnDomains.ShouldBe(new Spread(new ServiceName("web"), 4, 2));
    }

    [Fact]
    public void What_is_not_placed_is_not_measured()
    {
        var certificate = Certificate.Compute(Problem, Plan("adc-1"));

        (certificate.Moves, certificate.MovedBpsBound).ShouldBe((1, 10));
        certificate.UtilisationBound.ShouldBe(0.1, 1e-9);
    }

    private static PlacementPlan Plan(params string[] owners) =>
        new([.. owners.Select((owner, i) => new Assignment(Build.Vip(i + 1), Build.Name(owner), []))], [], []);
}
