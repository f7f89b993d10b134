using System.Collections.Immutable;
using Fleet.Placement.Advice;
using Fleet.Placement.Model;
using Fleet.Placement.Planning;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Advice;

public sealed class WhatIfTests
{
    /// <summary>Six nodes in three racks, 60 VIPs of 1 Gbit/s in two services: 10 of 20 Gbit/s each, and any node may die.</summary>
    private static readonly PlacementProblem Fleet = Settled(6, 60);

    [Fact]
    public void Dead_nodes_vips_go_to_their_first_live_standby_and_nothing_else_moves()
    {
        var outlook = Ask(new Change.Fail(Build.Name("adc-2")));
        var failover = outlook.Failover.ShouldNotBeNull();
        var lost = Fleet.Vips.Where(vip => vip.Owner == Build.Name("adc-2")).ToArray();
        lost.Length.ShouldBe(10);
        failover.Moves.Select(move => (move.Address, move.From, move.To)).ShouldBe(lost.Select(vip => (vip.Address, vip.Owner, vip.Standbys[0])));
        failover.IsCarried.ShouldBeTrue();
        failover.Standing.Nodes.Sum(node => node.Bps).ShouldBe(60 * Build.Gbps);
        Load(failover.Standing, "adc-2").ShouldBe(0);
        outlook.Before.Nodes.ShouldAllBe(node => node.Bps == 10 * Build.Gbps && node.Utilisation == 0.5);
    }

    [Fact]
    public void Second_standby_takes_what_the_first_cannot_because_it_died_too()
    {
        var vip = Fleet.Vips.First(v => v.Standbys.Length > 1);
        var outlook = Ask(new Change.Fail(vip.Owner!.Value), new Change.Fail(vip.Standbys[0]));
        outlook.Failover!.Moves.Single(move => move.Address == vip.Address).To.ShouldBe(vip.Standbys[1]);
        outlook.Failover.Standing.Unserved.ShouldBeEmpty();
        outlook.After.IsSound.ShouldBeFalse("two more of the four that are left would leave 40 Gbit/s for 60");
    }

    [Fact]
    public void Vip_without_a_live_standby_is_unserved_until_the_plan_serves_it()
    {
        var bare = Fleet with { Vips = [.. Fleet.Vips.Select(vip => vip with { Standbys = [] })] };
        var outlook = WhatIf.Ask(bare, [new Change.Fail(Build.Name("adc-1"))], out _).ShouldNotBeNull();
        outlook.Failover!.Moves.ShouldBeEmpty();
        outlook.Failover.Dropped.ShouldBe(bare.Vips.Where(vip => vip.Owner == Build.Name("adc-1")).Select(vip => vip.Address));
        outlook.Failover.IsCarried.ShouldBeFalse();
        outlook.After.Unserved.ShouldBeEmpty();
        outlook.Planned.Plan.Moves.Length.ShouldBe(10);
        outlook.Planned.Plan.Moves.ShouldAllBe(move => move.Reason == MoveReason.OwnerLost);
        outlook.IsSound.ShouldBeFalse("somebody was not served on the way");
    }

    [Fact]
    public void Failover_is_judged_by_what_the_failure_does_not_by_what_was_unserved_before()
    {
        var unserved = Fleet with { Vips = Fleet.Vips.SetItem(0, Fleet.Vips[0] with { Owner = null }) };
        var failover = WhatIf.Ask(unserved, [new Change.Fail(Build.Name("adc-1"))], out _)!.Failover!;
        failover.Standing.Unserved.ShouldBe([Fleet.Vips[0].Address]);
        failover.IsCarried.ShouldBeTrue();
    }

    [Fact]
    public void Heir_that_gets_too_much_is_no_failover_that_carries()
    {
        var small = Fleet with { Nodes = [.. Fleet.Nodes.Select(node => node with { Capacity = new Load(11 * Build.Gbps, PlanNode.Unbounded) })] };
        WhatIf.Ask(small, [new Change.Fail(Build.Name("adc-1"))], out _)!.Failover!.IsCarried
            .ShouldBeFalse("ten VIPs of 1 Gbit/s go to five nodes of 11 that have ten each");
    }

    [Theory]
    [InlineData("here", "rack-1")]
    [InlineData(null, "rack-1")]
    public void Domain_dies_as_a_whole(string? site, string domain)
    {
        var outlook = Ask(new Change.FailDomain(site is null ? null : new SiteName(site), new DomainName(domain)));
        outlook.Failover!.Failed.ShouldBe([Build.Name("adc-1"), Build.Name("adc-4")]);
        outlook.Failover.Moves.Select(move => move.From!.Value).Distinct().Count().ShouldBe(2);
        outlook.After.Unserved.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Node_that_is_drained_or_removed_ends_with_nothing(bool isRemoved)
    {
        Change change = isRemoved ? new Change.Remove(Build.Name("adc-3")) : new Change.Drain(Build.Name("adc-3"));
        var outlook = Ask(change);
        outlook.Failover.ShouldBeNull();
        Load(outlook.After, "adc-3").ShouldBe(0);
        outlook.Planned.Plan.Moves.Count(move => move.From == Build.Name("adc-3")).ShouldBe(10);
        outlook.After.IsSound.ShouldBeTrue();
    }

    [Fact]
    public void Nodes_that_join_get_their_share_in_the_emptiest_domains()
    {
        var outlook = Ask(new Change.Add(2));
        var added = outlook.Planned.Problem.Nodes.Where(node => node.Name.Value.StartsWith("new-", StringComparison.Ordinal)).ToArray();
        added.Select(node => (node.Name.Value, node.Site.Value, node.Domain.Value, node.Capacity.Bps))
            .ShouldBe([("new-1", "here", "rack-1", 20 * Build.Gbps), ("new-2", "here", "rack-2", 20 * Build.Gbps)]);
        Load(outlook.After, "new-1").ShouldBeGreaterThan(0);
        outlook.After.Fullest!.Utilisation.ShouldBe(0.4, "8 of 20: 60 VIPs are 7.5 for each of 8 nodes");
    }

    [Fact]
    public void Nodes_that_join_are_what_was_asked_for()
    {
        var outlook = Ask(new Change.Add(1, 40 * Build.Gbps, new SiteName("there"), new DomainName("row-9")));
        var node = outlook.Planned.Problem.Nodes.Single(n => n.Name == Build.Name("new-1"));
        (node.Site.Value, node.Domain.Value, node.Capacity.Bps).ShouldBe(("there", "row-9", 40 * Build.Gbps));
    }

    [Fact]
    public void Surge_that_is_too_much_is_no_longer_protected_and_says_what_breaks()
    {
        var outlook = Ask(new Change.Surge(new ServiceName("web"), 3.4));
        outlook.Before.IsSound.ShouldBeTrue();
        outlook.After.IsSound.ShouldBeFalse();
        outlook.After.Protection.Worst!.ExcessBps.ShouldBeGreaterThan(0);
        outlook.After.Nodes.Sum(node => node.Bps).ShouldBe(132 * Build.Gbps);
    }

    [Fact]
    public void Failures_happen_after_everything_else_in_whatever_order_they_are_named()
    {
        Change[] changes = [new Change.Fail(Build.Name("new-1")), new Change.Surge(new ServiceName("web"), 2), new Change.Add(1)];
        var outlook = Ask(changes);
        outlook.Failover!.Failed.ShouldBe([Build.Name("new-1")]);
        outlook.Failover.Standing.Nodes.Sum(node => node.Bps).ShouldBe(90 * Build.Gbps);
    }

    [Fact]
    public void What_the_fleet_does_not_have_is_told_all_at_once()
    {
        var there = Fleet.Nodes[0] with { Name = Build.Name("far-1"), Site = new SiteName("there"), State = PlanNodeState.Down };
        var two = Fleet with { Nodes = Fleet.Nodes.Add(there) };
        WhatIf.Ask(
            two,
            [
                new Change.Drain(Build.Name("adc-22")), new Change.Fail(Build.Name("far-1")), new Change.FailDomain(null, new DomainName("rack-1")),
                new Change.FailDomain(new SiteName("here"), new DomainName("rack-9")),
                new Change.Surge(new ServiceName("wev"), 2),
                new Change.Surge(new ServiceName("web"), 1e6),
                new Change.Add(0), new Change.FailDomain(new SiteName("there"), new DomainName("rack-1")),
            ],
            out var mistakes).ShouldBeNull();
        mistakes.ShouldBe(
        [
            "'adc-22' is not a node of the fleet; did you mean adc-2?",
            "'wev' is not a service of the fleet; did you mean web?",
            "Demand may grow by a factor of 0 to 1000, not 1000000.",
            "1 to 10000 nodes can be added, not 0.",
            "far-1 is down already.",
            "Domain 'rack-1' is in several sites; say which: here/rack-1 or there/rack-1.",
            "No node is in domain 'here/rack-9'; did you mean rack-1?",
            "All nodes of domain 'rack-1' are down already.",
        ]);
    }

    [Fact]
    public void Order_of_nodes_and_vips_does_not_change_the_answer()
    {
        var turned = Fleet with { Nodes = [.. Fleet.Nodes.Reverse()], Vips = [.. Fleet.Vips.Reverse()] };
        var whatIfs = new Change[] { new Change.Fail(Build.Name("adc-2")), new Change.Add(3), new Change.Surge(new ServiceName("api"), 1.5) };
        foreach (var change in whatIfs)
        {
            var (one, other) = (Ask(change), WhatIf.Ask(turned, [change], out _)!);
            other.Planned.Plan.Moves.ShouldBe(one.Planned.Plan.Moves);
            other.After.Nodes.ShouldBe(one.After.Nodes);
            (other.Failover?.Moves ?? []).ShouldBe(one.Failover?.Moves ?? []);
        }
    }

    private static Outlook Ask(params Change[] changes)
    {
        var outlook = WhatIf.Ask(Fleet, changes, out var mistakes);
        mistakes.ShouldBeEmpty();
        return outlook.ShouldNotBeNull();
    }

    private static long Load(Standing standing, string node) => standing.Nodes.Single(n => n.Node == Build.Name(node)).Bps;

    private static PlacementProblem Settled(int nodes, int vips)
    {
        var problem = new PlacementProblem
        {
            Protection = new Protection(2, 0, 1),
            Nodes =
            [
                .. Enumerable.Range(1, nodes).Select(i => new PlanNode
                {
                    Name = Build.Name($"adc-{i}"),
                    Site = new SiteName("here"),
                    Domain = new DomainName($"rack-{((i - 1) % 3) + 1}"),
                    Capacity = new Load(20 * Build.Gbps, PlanNode.Unbounded),
                }),
            ],
            Vips =
            [
                .. Enumerable.Range(1, vips).Select(i => new PlanVip
                {
                    Address = Build.Vip(i), Service = new ServiceName(i <= vips / 2 ? "web" : "api"), Demand = new Load(Build.Gbps),
                }),
            ],
        };
        var plan = Planner.Plan(problem).Assignments.ToImmutableDictionary(assignment => assignment.Address);
        return problem
            with
        { Vips = [.. problem.Vips.Select(vip => vip with { Owner = plan[vip.Address].Owner, Standbys = plan[vip.Address].Standbys })] };
    }
}
