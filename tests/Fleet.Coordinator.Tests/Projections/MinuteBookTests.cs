using System.Collections.Immutable;
using Fleet.Coordinator.Projections.Rows;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>Counters become minutes.</summary>
public sealed class MinuteBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly FleetMap Map = FleetMap.Empty with
    {
        Vips = ImmutableSortedDictionary<VipAddress, VipEntry>.Empty.Add(Build.Vip(1), Build.Serving(1, "adc-1")),
    };

    private readonly MinuteBook _book = new();
    private NodeLoad _load = NodeLoad.None;

    [Fact]
    public void Minute_has_what_grew_in_it_for_each_vip_that_did_something_and_for_the_node()
    {
        Look(0, 1000, active: 3);
        Look(10, 3000, active: 5);
        Look(50, 9000, active: 2);
        var rows = Look(61, 9100, active: 0);
        rows.Length.ShouldBe(2);
        rows[0].ShouldBe(new MinuteRow(Noon, "adc-1", "", null, 50, 0, 8000, 0, 0, 5, 1600));
        rows[1].ShouldBe(new MinuteRow(Noon, "adc-1", "10.0.0.1", "web", 50, 0, 8000, 0, 0, 5, 1600));
        Look(121, 9100, active: 0).Single(row => row.Vip.Length > 0).BytesOut.ShouldBe(100);
        Look(181, 9100, active: 0).ShouldAllBe(row => row.Vip.Length == 0);
    }

    [Fact]
    public void Counters_that_begin_anew_count_from_zero_and_the_same_report_counts_once()
    {
        Look(0, 1000);
        Look(10, 400);
        _book.Look(Map, Seen(), Noon.AddSeconds(15));
        Look(61, 400).First(row => row.Vip.Length > 0).BytesOut.ShouldBe(400);
    }

    private ImmutableArray<MinuteRow> Look(int second, long bytesOut, int active = 0)
    {
        _load = _load.Next(
            Instant.Never + TimeSpan.FromSeconds(second + 1),
            ImmutableSortedDictionary<VipAddress, VipCounters>.Empty.Add(Build.Vip(1), new VipCounters(0, bytesOut, 0, 0, active)));
        return _book.Look(Map, Seen(), Noon.AddSeconds(second));
    }

    private Observed Seen() => new Observed { Began = Instant.Never }.With(Build.Name("adc-1"), node => node with { Load = _load });
}
