using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Journal;

/// <summary>
/// What a journal, a snapshot or a request lacks has its default. Generated JSON code gives up the initial values of init-only properties, so this
/// does not follow from how the records look.
/// </summary>
public sealed class OldJournalTests
{
    private const string Service = """{"name":"web","listeners":[{"port":80,"protocol":"http"}],"vips":["10.0.0.1"],"vip-count":0"""
        + ""","demand-bps":0,"demand-cps":0,"pool":{"backends":[],"check":{"kind":"tcp","path":"/","expect":200,"interval-ms":1000"""
        + ""","timeout-ms":500,"rise":2,"fall":3},"balance":"round-robin","all-down":"fail-closed","proxy-protocol":false},"gslb":{}"""
        + ""","drain-timeout-ms":5000}""";

    private const string Zone = """{"name":"fleet.internal","ttl-seconds":0,"negative-ttl-seconds":5,"answers-max":4,"contact":"hostmaster"}""";

    [Fact]
    public void Service_of_before_sites_is_bound_to_none_and_answered_by_topology()
    {
        var applied = Read<FleetEvent.ServiceApplied>($$"""{"kind":"service-applied","service":{{Service}}}""").Service;
        applied.SiteVips.ShouldBeEmpty();
        applied.Gslb.Topology.ShouldBeTrue();
        applied.Gslb.Sites.ShouldBeEmpty();
        applied.Gslb.Overflow.ShouldBeFalse();
        Evolver.Evolve(FleetState.Empty, new FleetEvent.ServiceApplied(applied), 2).Map.Vips.Values.Single().Site.ShouldBeNull();
    }

    [Fact]
    public void Zone_of_before_sites_has_the_default_hold_down_and_empty_lists()
    {
        var zone = JsonSerializer.Deserialize(Zone, JournalJson.Default.GslbZone)!;
        zone.HoldDownMs.ShouldBe(GslbZone.Default.HoldDownMs);
        zone.Topology.ShouldBeEmpty();
        zone.Zones.ShouldBeEmpty();
        zone.Records.ShouldBeEmpty();
        zone.TransferTo.ShouldBeEmpty();
    }

    [Fact]
    public void Snapshot_of_before_sites_has_none_and_its_nodes_are_not_silent()
    {
        var text = JsonSerializer.Serialize(new FleetState { Map = Build.Map(Build.Nodes(1)) }, JournalJson.Default.FleetState);
        var old = text.Replace("\"sites\":{},", "", StringComparison.Ordinal).Replace(",\"suspected\":false", "", StringComparison.Ordinal)
            .Replace("\"feedback\":{},", "", StringComparison.Ordinal);
        old.ShouldNotBe(text);
        old.ShouldNotContain("\"suspected\"");
        old.ShouldNotContain("\"feedback\"");
        var map = JsonSerializer.Deserialize(old, JournalJson.Default.FleetState)!.Map;
        map.Sites.ShouldBeEmpty();
        map.Feedback.ShouldBeEmpty();
        map.Nodes.Values.Single().Suspected.ShouldBeFalse();
    }

    [Fact]
    public void Snapshot_that_lacks_what_came_later_has_its_defaults()
    {
        var now = JsonSerializer.SerializeToNode(FleetState.Empty, JournalJson.Default.FleetState)!.AsObject();
        var old = now.DeepClone().AsObject();
        foreach (var later in now.Select(p => p.Key).Except(["map", "witness-sets", "old-terms", "unreleased-vips"]))
            old.Remove(later);
        JsonSerializer.Serialize(old.Deserialize(JournalJson.Default.FleetState), JournalJson.Default.FleetState).ShouldBe(now.ToJsonString());
    }

    [Fact]
    public void Change_of_before_sites_applies_and_changes_none()
    {
        var delta = JsonSerializer.Deserialize(
            """{"from":{"term":1,"revision":1},"to":{"term":1,"revision":2},"nodes":[],"nodes-gone":[],"services":[],"services-gone":[]"""
                + ""","vips":[],"vips-gone":[],"verdicts":{},"verdicts-gone":[]}""",
            Shared.Protocol.Wire.Default.MapDelta)!;
        var map = Build.Map(Build.Nodes(1))
            with
        { Sites = FleetMap.Empty.Sites.Add(new SiteName("ams"), new SiteEntry(new SiteName("ams"), HeldDown: true)) };
        delta.TryApply(map, out var next).ShouldBeTrue();
        next.Sites.ShouldBe(map.Sites);
        next.Feedback.ShouldBeEmpty();
    }

    private static T Read<T>(string text)
        where T : FleetEvent =>
        JsonSerializer
            .Deserialize(
                $$"""{"revision":2,"term":1,"at":"1970-01-01T00:00:00+00:00","by":{"name":"test","proof":"system"},"events":[{{text}}]}""",
                JournalJson.Default.JournalEntry)!.Events
            .Single()
            .ShouldBeOfType<T>();
}
