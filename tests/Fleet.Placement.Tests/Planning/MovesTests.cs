using Fleet.Placement.Model;
using Fleet.Placement.Planning;
using Fleet.Placement.Proof;
using Fleet.Shared.Map;

namespace Fleet.Placement.Tests.Planning;

/// <summary>What moves, and what does not.</summary>
public sealed class MovesTests
{
    [Fact]
    public void The_vips_of_a_lost_node_go_to_their_first_standbys_and_nothing_else_moves()
    {
        var settled = Fleets.Create(10, Fleets.Equal(90, 9)).Settled();
        var lost = settled.Vips.Where(v => v.Owner == Build.Name("adc-003")).ToArray();

        var plan = Planner.Plan(settled.With("adc-003", PlanNodeState.Down));

        plan.Moves.Select(m => (m.Address, m.To, m.Reason))
            .ShouldBe(lost.Select(v => (v.Address, v.Standbys[0], MoveReason.OwnerLost)), ignoreOrder: true);
    }

    [Fact]
    public void All_survivors_share_what_a_lost_node_had()
    {
        var settled = Fleets.Create(10, Fleets.Equal(90, 9)).Settled();

        foreach (var owner in settled.Vips.GroupBy(v => v.Owner))
            owner.GroupBy(v => v.Standbys[0]).ShouldAllBe(successor => successor.Count() == 1, $"{owner.Key}");
    }

    [Fact]
    public void The_service_that_lost_most_of_itself_is_recovered_first()
    {
        var vips = new[]
        {
            Fleets.Vip(1, 30, "adc-001", "large"), Fleets.Vip(2, 30, "adc-002", "large"), Fleets.Vip(3, 30, "adc-003", "large"),
            Fleets.Vip(4, 5, "adc-001", "small"),
            Fleets.Vip(5, 10, "adc-001", "middle"), Fleets.Vip(6, 10, "adc-002", "middle"),
        };
        var problem = Fleets.Create(4, vips.Select(v => v with { Standbys = [Build.Name("adc-004")] })).With("adc-001", PlanNodeState.Down);

        Planner.Plan(problem).Moves.Select(m => m.Address).ShouldBe([Build.Vip(4), Build.Vip(5), Build.Vip(1)]);
    }

    [Fact]
    public void A_change_inside_the_band_moves_nothing()
    {
        var settled = Fleets.Create(10, Fleets.Equal(200, 1000))
            with
        { Nodes = [.. Enumerable.Range(1, 10).Select(i => Fleets.Node(i, capacity: 40_000))] };
        settled = settled.Settled();
        var random = new Random(7);

        var drifted = settled with { Vips = [.. settled.Vips.Select(v => v with { Demand = new Load(v.Demand.Bps + random.Next(-15, 16)) })] };

        Planner.Plan(drifted).Moves.ShouldBeEmpty();
    }

    [Fact]
    public void Growing_from_100_to_110_nodes_moves_no_more_than_it_must()
    {
        var problem = Fleets.Create(100, Fleets.Equal(5000, 17), racks: 10) with { };
        problem = problem with { Nodes = [.. problem.Nodes.Select(n => n with { Capacity = new Load(1000, PlanNode.Unbounded) })] };
        var grown = problem.Settled();
        grown = grown with { Nodes = [.. grown.Nodes, .. Enumerable.Range(101, 10).Select(i => Fleets.Node(i, i % 10, capacity: 1000))] };

        var certificate = Certificate.Compute(grown, Planner.Plan(grown));

        certificate.MovedBps.ShouldBeLessThanOrEqualTo((long)(grown.Vips.Sum(v => v.Demand.Bps) * 0.105));
        ((double)certificate.MovedBps).ShouldBeLessThanOrEqualTo(certificate.MovedBpsBound * 1.05);
        certificate.UtilisationMax.ShouldBeLessThanOrEqualTo(certificate.UtilisationBound * 1.02);
    }

    [Fact]
    public void A_new_node_gets_its_part_where_the_fullest_cannot_get_emptier()
    {
        var vips = Enumerable.Range(0, 12).Select(i => Fleets.Vip(i + 1, 8, $"adc-{1 + (i % 4):000}", $"service-{i % 3}"));
        var problem = Fleets.Create(5, vips);

        Planner.Plan(problem).Loads(problem).Values.Order().ShouldBe([16, 16, 16, 24, 24]);
        Planner.Plan(problem.Settled()).Moves.ShouldBeEmpty();
    }

    [Fact]
    public void New_nodes_get_vips_of_all_services()
    {
        var vips = Enumerable.Range(0, 24).Select(i => Fleets.Vip(i + 1, 8, $"adc-{1 + (i % 3):000}", i < 12 ? "first" : "second"));

        var plan = Planner.Plan(Fleets.Create(4, vips));

        plan.Moves.ShouldAllBe(m => m.To == Build.Name("adc-004") && m.Reason == MoveReason.Balance);
        plan.Moves.CountBy(m => m.Address.CompareTo(Build.Vip(12)) <= 0).Select(service => service.Value).ShouldBe([3, 3]);
    }

    [Fact]
    public void A_draining_node_is_emptied_and_a_cordoned_one_left_as_it_is()
    {
        var settled = Fleets.Create(6, Fleets.Equal(60, 7)).Settled();
        var problem = settled.With("adc-001", PlanNodeState.Draining).With("adc-002", PlanNodeState.Cordoned);
        var cordoned = settled.Vips.Where(v => v.Owner == Build.Name("adc-002")).Select(v => v.Address);

        var plan = Planner.Plan(problem);

        plan.Assignments.ShouldNotContain(a => a.Owner == Build.Name("adc-001") || a.Standbys.Contains(Build.Name("adc-001")));
        plan.Assignments.Where(a => a.Owner == Build.Name("adc-002")).Select(a => a.Address).ShouldBe(cordoned);
        plan.Assignments.ShouldNotContain(a => a.Standbys.Contains(Build.Name("adc-002")));
        plan.Moves.ShouldAllBe(m => m.Reason == MoveReason.OwnerDraining);
    }

    [Fact]
    public void A_vip_in_the_wrong_site_moves_to_its_own_and_says_why()
    {
        var nodes = Enumerable.Range(1, 4).Select(i => Fleets.Node(i, i, site: i <= 2 ? "ams" : "fra"));
        var vips = Enumerable.Range(1, 8).Select(i => Fleets.Vip(i, 5, $"adc-{1 + (i % 4):000}", site: "ams"));
        var problem = Fleets.Create(4, vips) with { Nodes = [.. nodes] };

        var plan = Planner.Plan(problem);

        var ams = nodes.Where(n => n.Site.Value == "ams").Select(n => n.Name).ToArray();
        plan.Assignments.SelectMany(a => a.Standbys.Add(a.Owner)).Distinct().ShouldBe(ams, ignoreOrder: true);
        plan.Moves.Length.ShouldBe(4);
        plan.Moves.ShouldAllBe(m => m.Reason == MoveReason.Outside);
    }

    [Fact]
    public void An_overloaded_node_gives_away_as_little_as_relieves_it()
    {
        var vips = Enumerable.Range(1, 12).Select(i => Fleets.Vip(i, 10, "adc-001", $"service-{i}")).Append(Fleets.Vip(13, 60, "adc-002", "other"));
        var problem = Fleets.Create(2, vips, k: 0) with { Policy = Shared.Model.PlacementPolicy.Default with { BalanceBand = 0.5 } };

        var plan = Planner.Plan(problem);

        plan.Moves.Length.ShouldBe(2);
        plan.Moves.ShouldAllBe(m => m.Reason == MoveReason.Overload);
    }

    [Fact]
    public void Connections_fill_a_node_as_bits_do()
    {
        var nodes = Enumerable.Range(1, 3).Select(i => Fleets.Node(i) with { Capacity = new Load(1000, 100) });
        var vips = Enumerable.Range(1, 9).Select(i => Fleets.Vip(i, 1) with { Demand = new Load(1, 20) });
        var problem = Fleets.Create(3, vips, k: 0) with { Nodes = [.. nodes] };

        Planner.Plan(problem).Assignments.CountBy(a => a.Owner).ShouldAllBe(owner => owner.Value == 3);
    }
}
