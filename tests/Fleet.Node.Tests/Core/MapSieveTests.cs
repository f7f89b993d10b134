using System.Collections.Immutable;
using System.Text;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

public sealed class MapSieveTests
{
    private readonly MapSieve _sieve = new(new NodeName("adc-1"));
    private readonly FleetMap _whole = Build.Map(
        Build.Nodes(2), [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-1", "api"), Build.Serving(3, "adc-2", "api")]);

    [Fact]
    public void Whole_map_that_keeps_the_rules_goes_through_as_it_is()
    {
        _sieve.Sift(_whole, []).ShouldBeSameAs(_whole);
        _sieve.Report.ShouldBe(SieveReport.Clean);
    }

    [Fact]
    public void Service_that_breaks_the_rules_is_left_out_with_its_vips_and_reported()
    {
        var sifted = _sieve.Sift(Poisoned(_whole), []);
        sifted.Version.ShouldBe(_whole.Version);
        sifted.Services.Keys.ShouldBe([new ServiceName("web")]);
        sifted.Vips.Keys.ShouldBe([Build.Vip(1)]);
        _sieve.Report.Problems.ShouldBe(["service \"api\": pool.feedback.port: found 70000, allowed: a whole number from 1 to 65535"]);
        _sieve.Report.Unserved.ShouldBe([Build.Vip(2)]);
    }

    [Fact]
    public void Heartbeat_does_not_pass_what_is_left_out_for_served()
    {
        _sieve.Sift(Poisoned(_whole), []);
        var beat = new NodeMessage.Heartbeat(
            1,
            _whole.Version,
            [Build.Vip(9)],
            ImmutableSortedDictionary<VipAddress, int>.Empty,
            ImmutableSortedDictionary<BackendKey, Verdict>.Empty);
        _sieve.Report.On(beat).Missing.ShouldBe([Build.Vip(2), Build.Vip(9)]);
        _sieve.Report.On(beat).Problems!.Value.ShouldHaveSingleItem();
        NodeMessageRules.Mistakes(_sieve.Report.On(beat)).ShouldBeEmpty();
        SieveReport.Clean.On(beat).ShouldBeSameAs(beat);
    }

    [Fact]
    public void Change_that_breaks_a_rule_takes_the_service_out_and_one_that_mends_it_brings_all_of_it_back()
    {
        var map = _sieve.Sift(_whole, []);
        var poisoned = Poisoned(_whole) with { Version = new MapVersion(1, 2), Vips = _whole.Vips.SetItem(Build.Vip(4), Build.Unplaced(4, "api")) };
        map = Apply(map, MapDelta.Between(_whole, poisoned));
        map.Services.Keys.ShouldBe([new ServiceName("web")]);
        map.Vips.Keys.ShouldBe([Build.Vip(1)]);
        var moved = poisoned
            with
        {
            Version = new MapVersion(1, 3),
            Vips = poisoned.Vips.SetItem(Build.Vip(4), Build.Serving(4, "adc-1", "api")).SetItem(Build.Vip(1), Build.Serving(1, "adc-2")),
        };
        map = Apply(map, MapDelta.Between(poisoned, moved));
        map.Vips.Keys.ShouldBe([Build.Vip(1)]);
        map.Vips[Build.Vip(1)].Owner.ShouldBe(new NodeName("adc-2"));
        _sieve.Report.Unserved.ShouldBe([Build.Vip(2), Build.Vip(4)], ignoreOrder: true);
        var mended = moved with { Version = new MapVersion(1, 4), Services = _whole.Services };
        map = Apply(map, MapDelta.Between(moved, mended));
        map.Services.Keys.ShouldBe(mended.Services.Keys);
        map.Vips.Keys.ShouldBe(mended.Vips.Keys);
        _sieve.Report.ShouldBe(SieveReport.Clean);
    }

    [Fact]
    public void Service_that_is_left_out_and_removed_leaves_no_trace()
    {
        var map = _sieve.Sift(Poisoned(_whole), []);
        var gone = _whole
            with
        {
            Version = new MapVersion(1, 2),
            Services = _whole.Services.Remove(new ServiceName("api")),
            Vips = _whole.Vips.Remove(Build.Vip(2)).Remove(Build.Vip(3)),
        };
        map = Apply(map, MapDelta.Between(Poisoned(_whole), gone));
        map.Vips.Keys.ShouldBe([Build.Vip(1)]);
        _sieve.Report.ShouldBe(SieveReport.Clean);
    }

    [Fact]
    public void Word_of_a_newer_leader_costs_that_service_alone()
    {
        var text = Encoding.UTF8.GetString(Wire.Encode(new LeaderMessage.Full(_whole)));
        var newer = Encoding.UTF8.GetBytes(
            text.Replace(
                "\"name\":\"api\",\"listeners\":[{\"port\":80,\"protocol\":\"http\"}",
                "\"name\":\"api\",\"listeners\":[{\"port\":80,\"protocol\":\"quic\"}",
                StringComparison.Ordinal));
        Wire.TryDecodeLeaderMessage(newer, out _).ShouldBeFalse();
        NewerWords.TryDecodeLeaderMessage(newer, out var message, out var unread).ShouldBeTrue();
        var sifted = _sieve.Sift(message.ShouldBeOfType<LeaderMessage.Full>().Map, unread);
        sifted.Services.Keys.ShouldBe([new ServiceName("web")]);
        sifted.Vips.Keys.ShouldBe([Build.Vip(1)]);
        _sieve.Report.Problems.ShouldHaveSingleItem().ShouldStartWith("service \"api\": it cannot be read");
    }

    [Fact]
    public void Change_with_a_word_of_a_newer_leader_is_read_without_it()
    {
        var map = _sieve.Sift(_whole, []);
        var next = _whole
            with
        {
            Version = new MapVersion(1, 2),
            Services = _whole.Services.SetItem(new ServiceName("new"), Build.Service("new", Build.Vip(8))),
            Vips = _whole.Vips.SetItem(Build.Vip(8), Build.Serving(8, "adc-1", "new")),
        };
        var text = Encoding.UTF8
            .GetString(Wire.Encode(new LeaderMessage.Change(MapDelta.Between(_whole, next))))
            .Replace("\"round-robin\"", "\"maglev\"", StringComparison.Ordinal);
        NewerWords.TryDecodeLeaderMessage(Encoding.UTF8.GetBytes(text), out var message, out var unread).ShouldBeTrue();
        _sieve.Sift(message.ShouldBeOfType<LeaderMessage.Change>().Delta, unread).TryApply(map, out map).ShouldBeTrue();
        map.Version.ShouldBe(next.Version);
        map.Services.Keys.ShouldBe(_whole.Services.Keys);
        map.Vips.Keys.ShouldBe(_whole.Vips.Keys);
        _sieve.Report.Unserved.ShouldBe([Build.Vip(8)]);
    }

    [Fact]
    public void Message_of_a_newer_kind_is_known_for_one()
    {
        NewerWords.IsOfNewerKind("{\"kind\":\"advice\",\"text\":\"rest\"}"u8).ShouldBeTrue();
        NewerWords.IsOfNewerKind("{\"kind\":\"full\"}"u8).ShouldBeFalse();
        NewerWords.IsOfNewerKind("{\"kind\":5}"u8).ShouldBeFalse();
        NewerWords.IsOfNewerKind("nonsense"u8).ShouldBeFalse();
    }

    [Fact]
    public void Map_whose_policy_makes_no_sense_is_not_used_at_all()
    {
        _sieve.Sift(_whole with { Policy = _whole.Policy with { Lease = new LeaseTerms(0, 0, 0) } }, []).Version.ShouldBe(MapVersion.None);
        _sieve.Report.Problems.ShouldHaveSingleItem().ShouldContain("policy.lease.heartbeat-ms: found 0");
    }

    private static FleetMap Poisoned(FleetMap map)
    {
        var api = map.Services[new ServiceName("api")];
        return map
            with
        { Services = map.Services.SetItem(api.Name, api with { Pool = api.Pool with { Feedback = new FeedbackSpec(70_000, 1000, 500) } }) };
    }

    private FleetMap Apply(FleetMap map, MapDelta change)
    {
        _sieve.Sift(change, []).TryApply(map, out var next).ShouldBeTrue();
        return next;
    }
}
