using Fleet.Placement.Advice;

namespace Fleet.Placement.Tests.Advice;

public sealed class AdvisorTests
{
    private const long Gbps = 1_000_000_000;
    private static readonly Wish OneTbps = new(1000 * Gbps, 88 * Gbps, Domains: 4);

    [Theory]
    [InlineData(0, 12)]
    [InlineData(1, 13)]
    [InlineData(2, 14)]
    [InlineData(4, 16)]
    public void One_terabit_through_appliances_of_88_gigabit_takes_12_and_what_may_fail(int k, int nodes)
    {
        var size = SizeFor(OneTbps, k);
        size.Nodes.ShouldBe(nodes);
        size.Working.ShouldBe(12);
        size.ExtraPercent.ShouldBe(100.0 * k / 12, 1e-9);
        size.UtilisationAfter.ShouldBe(1000.0 / 12 / 88, 1e-9);
        size.FailurePercent.ShouldBe(100.0 * k / nodes, 1e-9);
        size.OneNodePercent.ShouldBe(100.0 / nodes, 1e-9);
    }

    [Fact]
    public void Any_domain_of_four_takes_a_third_more()
    {
        var size = Sound(OneTbps).Rows.Single(row => row.Domains == 4);
        size.Nodes.ShouldBe(16);
        size.Failures.ShouldBe(4);
        size.FailurePercent.ShouldBe(25);
    }

    [Theory]
    [InlineData(12, 5, 15, 3)]
    [InlineData(10, 3, 15, 5)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(3, 50, 4, 1)]
    public void Largest_domain_can_be_done_without(int working, int domains, int nodes, int lost)
    {
        var size = Sound(new Wish(working * 100 * Gbps, 100 * Gbps, Domains: domains)).Rows[^1];
        (size.Nodes, size.Failures).ShouldBe((nodes, lost));
    }

    [Fact]
    public void Headroom_comes_off_what_utilisation_max_allows()
    {
        (OneTbps with { Headroom = 0.2 }).UsableBps.ShouldBe(70_400_000_000);
        (OneTbps with { Headroom = 0.2, UtilisationMax = 0.5 }).UsableBps.ShouldBe(35_200_000_000);
        SizeFor(OneTbps with { Headroom = 0.2 }, 1).Nodes.ShouldBe(16);
    }

    [Fact]
    public void Without_domains_nothing_is_said_of_them() => Sound(OneTbps with { Domains = 0 }).Rows.ShouldAllBe(row => row.Domains == null);

    /// <summary>The sum of the page: 1000/12 = 83.3, so 4.67 Gbit/s are left for 1 + 13/12 lumps.</summary>
    [Fact]
    public void Share_leaves_room_for_the_lumps_that_a_failure_adds()
    {
        var size = SizeFor(OneTbps, 1);
        size.ShareMax.ShouldBe((88 - (1000.0 / 12)) / (1 + (13.0 / 12)) / 88, 1e-9);
        size.Vips.ShouldBe(13 * 35);
    }

    [Fact]
    public void Vips_are_no_larger_than_the_policy_allows()
    {
        var roomy = SizeFor(new Wish(100 * Gbps, 100 * Gbps, ShareMax: 0.05), 4);
        roomy.ShareMax.ShouldBe(0);
        SizeFor(new Wish(100 * Gbps, 150 * Gbps, ShareMax: 0.05), 1).Vips.ShouldBe(14);
    }

    [Fact]
    public void Fleet_that_is_exactly_full_after_the_failure_has_room_for_equal_vips_only()
    {
        var full = SizeFor(new Wish(880 * Gbps, 88 * Gbps), 1);
        full.Nodes.ShouldBe(11);
        full.ShareMax.ShouldBe(0);
        full.Vips.ShouldBeNull();
        full.EqualVips.ShouldBe(110);
    }

    /// <summary>
    /// What the advice promises, tried: even placement of VIPs of mixed sizes up to the share, every single failure, successors by least load.
    /// </summary>
    [Theory]
    [InlineData(1000, 88)]
    [InlineData(350, 88)]
    [InlineData(90, 40)]
    [InlineData(2000, 90)]
    public void Vips_up_to_the_share_survive_every_failure_of_one_node(int target, int appliance)
    {
        var size = SizeFor(new Wish(target * Gbps, appliance * Gbps), 1);
        var share = (long)(size.ShareMax * appliance * Gbps);
        share.ShouldBeGreaterThan(0);
        foreach (var seed in Enumerable.Range(1, 20))
        {
            var (loads, vips) = Even(size.Nodes, Mixed(target * Gbps, share, seed));
            foreach (var dead in Enumerable.Range(0, size.Nodes))
                AfterLossOf(dead, loads, vips).ShouldBeLessThanOrEqualTo(appliance * Gbps, $"seed {seed}, node {dead}");
        }
    }

    [Fact]
    public void Wish_that_nothing_fulfils_is_refused_with_the_reason()
    {
        Advisor.TrySize(OneTbps with { Headroom = 1 }, out _, out var reason).ShouldBeFalse();
        reason.ShouldBe("Nothing of a node may be used.");
        Advisor.TrySize(new Wish(1_000_000 * Gbps, 1), out _, out reason).ShouldBeFalse();
        reason.ShouldContain("more than 100000 nodes");
    }

    private static Sizes Sound(Wish wish)
    {
        Advisor.TrySize(wish, out var sizes, out var reason).ShouldBeTrue(reason);
        return sizes;
    }

    private static FleetSize SizeFor(Wish wish, int k) => Sound(wish).Rows.Single(row => row.Domains is null && row.Failures == k);

    private static List<long> Mixed(long total, long share, int seed)
    {
        var random = new Random(seed);
        var vips = new List<long>();
        for (var left = total; left > 0; left -= vips[^1])
            vips.Add(Math.Min(left, random.Next(3) > 0 ? share : random.NextInt64(share / 10, share)));
        return vips;
    }

    private static (long[] Loads, List<(long Bps, int Node)> Vips) Even(int nodes, List<long> vips)
    {
        var loads = new long[nodes];
        var placed = new List<(long, int)>();
        foreach (var vip in vips.OrderDescending())
        {
            var node = Array.IndexOf(loads, loads.Min());
            loads[node] += vip;
            placed.Add((vip, node));
        }

        return (loads, placed);
    }

    private static long AfterLossOf(int dead, long[] before, List<(long Bps, int Node)> vips)
    {
        var loads = before.ToArray();
        loads[dead] = long.MaxValue / 2;
        foreach (var (bps, _) in vips.Where(vip => vip.Node == dead).OrderByDescending(vip => vip.Bps))
            loads[Array.IndexOf(loads, loads.Min())] += bps;
        return loads.Where((_, node) => node != dead).Max();
    }
}
