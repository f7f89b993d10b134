using Fleet.Cli.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Cli.Tests;

/// <summary>What the map lets DNS answer.</summary>
public sealed class GslbRecordsTests
{
    [Fact]
    public void Serving_vips_are_answered_and_others_are_not() => Answered(CannedFleet.Map).ShouldBe(["fd00::20", "127.0.10.1"]);

    [Fact]
    public void Quiet_vips_stand_in_where_none_serves() => Answered(With("127.0.10.1", VipPhase.Unplaced)).ShouldBe(["fd00::20", "127.0.10.2"]);

    [Fact]
    public void Vip_of_a_lost_node_is_never_answered()
    {
        var node = CannedFleet.Map.Nodes[NodeName.Parse("adc-1")] with { Presence = NodePresence.Down };
        Answered(CannedFleet.Map with { Nodes = CannedFleet.Map.Nodes.SetItem(node.Name, node) }).ShouldBe(["127.0.10.2"]);
    }

    [Fact]
    public void Pool_that_is_all_down_is_not_answered_unless_it_serves_all()
    {
        var down = CannedFleet.Map.Verdicts.SetItem(BackendKey.Parse("web/b1"), Verdict.Down).SetItem(BackendKey.Parse("web/b2"), Verdict.Down)
            .SetItem(BackendKey.Parse("s3/b1"), Verdict.Down);
        Answered(CannedFleet.Map with { Verdicts = down }).ShouldBe(["fd00::20"]);
    }

    [Theory]
    [InlineData("web", "web.fleet.test")]
    [InlineData("a.web", "a.web.fleet.test")]
    [InlineData("web.Fleet.Test", "web.Fleet.Test")]
    [InlineData("fleet.test", "fleet.test")]
    [InlineData("elsewhere.org.", "elsewhere.org")]
    public void Name_is_completed_by_the_zone(string name, string full) => GslbRecords.FullName(name, CannedFleet.Map.Policy.Zone).ShouldBe(full);

    private static FleetMap With(string address, VipPhase phase)
    {
        var vip = CannedFleet.Map.Vips[VipAddress.Parse(address)] with { Phase = phase };
        return CannedFleet.Map with { Vips = CannedFleet.Map.Vips.SetItem(vip.Address, vip) };
    }

    private static IEnumerable<string> Answered(FleetMap map) =>
        GslbRecords.FromMap(map).Where(record => record.Answered).Select(record => record.Address);
}
