using Fleet.Placement.Planning;
using Fleet.Placement.Proof;

namespace Fleet.Placement.Tests.Planning;

/// <summary>The plan for what has not happened yet.</summary>
public sealed class StandbysTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void There_are_as_many_as_nodes_may_fail_and_any_of_those_may(int k)
    {
        var problem = Fleets.Create(12, Fleets.Equal(12 * 20, 2), k);

        var plan = Planner.Plan(problem);

        plan.Assignments.ShouldAllBe(a => a.Standbys.Length == k && a.Standbys.Distinct().Count() == k && !a.Standbys.Contains(a.Owner));
        ProtectionProof.Check(problem, plan.Assignments).Holds.ShouldBeTrue();
    }

    [Fact]
    public void Where_a_domain_may_fail_standbys_lie_in_another()
    {
        var problem = Fleets.Create(12, Fleets.Equal(120, 6), k: 1, domains: 1, racks: 4);
        var racks = problem.Nodes.ToDictionary(n => n.Name, n => n.Domain);

        var plan = Planner.Plan(problem);

        plan.Assignments.ShouldAllBe(a => racks[a.Owner] != racks[a.Standbys[0]]);
        ProtectionProof.Check(problem, plan.Assignments).Holds.ShouldBeTrue();
    }

    [Fact]
    public void A_fleet_that_is_to_survive_nothing_has_standbys_all_the_same() =>
        Planner.Plan(Fleets.Create(3, Fleets.Equal(9, 10), k: 0)).Assignments.ShouldAllBe(a => a.Standbys.Length == 1);

    [Fact]
    public void A_large_vip_finds_room_because_others_make_it()
    {
        // Balanced, every node would carry 50 and none could take the 60 of the first.
        var problem = Fleets.Create(
            4, [Fleets.Vip(1, 60, service: "large"), .. Enumerable.Range(2, 14).Select(i => Fleets.Vip(i, 10, service: $"small-{i}"))]);

        ProtectionProof.Check(problem, Planner.Plan(problem).Assignments).Holds.ShouldBeTrue();
    }

    [Fact]
    public void Nodes_move_for_protection_only_as_much_as_brings_it_back()
    {
        var vips = new[] { Fleets.Vip(1, 60, "adc-001", "large") }
            .Concat(Enumerable.Range(2, 15).Select(i => Fleets.Vip(i, 10, $"adc-{2 + (i % 3):000}", $"small-{i}")));
        var problem = Fleets.Create(4, vips);

        var plan = Planner.Plan(problem);

        ProtectionProof.Check(problem, plan.Assignments).Holds.ShouldBeTrue();
        plan.Moves.Length.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Good_standbys_are_kept_when_a_node_comes()
    {
        var settled = Fleets.Create(8, Fleets.Equal(80, 8)).Settled();
        var grown = settled with { Nodes = [.. settled.Nodes, Fleets.Node(9, 9)] };

        var plan = Planner.Plan(grown);

        var stayed = plan.Assignments.Zip(settled.Vips.OrderBy(v => v.Address)).Where(p => p.First.Owner == p.Second.Owner).ToArray();
        stayed.Count(p => p.First.Standbys.SequenceEqual(p.Second.Standbys)).ShouldBeGreaterThan(stayed.Length * 9 / 10);
    }
}
