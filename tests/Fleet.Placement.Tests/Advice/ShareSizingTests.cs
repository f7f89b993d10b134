using Fleet.Placement.Advice;

namespace Fleet.Placement.Tests.Advice;

public sealed class ShareSizingTests
{
    private const long Gbps = 1_000_000_000;

    [Theory]
    [InlineData(1000, 13, 228)]
    [InlineData(44, 13, 13)]
    [InlineData(44, 4, 10)]
    [InlineData(45, 4, 11)]
    [InlineData(0, 13, 13)]
    [InlineData(0, 0, 1)]
    public void No_vip_is_larger_than_the_share_and_every_node_has_one(long demandGbps, int eligible, int vips) =>
        ShareSizing.Compute(demandGbps * Gbps, 88 * Gbps, 0.05, eligible).Vips.ShouldBe(vips);

    [Fact]
    public void Addresses_that_are_not_there_are_not_given_to_nodes_but_asked_for_where_sharing_needs_them()
    {
        ShareSizing.Compute(44 * Gbps, 88 * Gbps, 0.05, eligible: 100, addresses: 30).Vips.ShouldBe(30);
        ShareSizing.Compute(44 * Gbps, 88 * Gbps, 0.05, eligible: 100, addresses: 3).Vips.ShouldBe(10);
    }

    [Fact]
    public void Nodes_without_capacity_ask_for_a_great_many_but_not_for_more_than_there_can_be() =>
        ShareSizing.Compute(long.MaxValue / 2, 0, 0.05, 1).Vips.ShouldBe(ShareSizing.VipsMax);
}
