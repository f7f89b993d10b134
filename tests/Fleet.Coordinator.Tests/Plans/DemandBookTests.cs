using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Plans;

public sealed class DemandBookTests
{
    private const long Mbps = 1_000_000;
    private static readonly VipAddress Vip = Build.Vip(1);

    private readonly DemandBook _book = new();
    private NodeLoad _load = NodeLoad.None;
    private VipCounters _counters = VipCounters.Zero;
    private double _seconds;

    public DemandBookTests() => Second(0, 0, default);

    [Fact]
    public void Demand_is_a_high_percentile_of_the_window_with_a_margin()
    {
        Carry(18, 100 * Mbps, 50);
        Carry(2, 400 * Mbps, 500).ShouldBe(new VipDemand(Vip, 480 * Mbps, 600), "two of twenty steps are more than the twentieth that may be above");
    }

    [Fact]
    public void One_burst_in_a_full_window_is_not_what_a_vip_asks_for()
    {
        Carry(19, 100 * Mbps, 50);
        Carry(1, 4000 * Mbps, 50, told: (120 * Mbps, 60)).ShouldBeNull();
    }

    [Fact]
    public void Difference_of_a_tenth_is_noise()
    {
        Carry(20, 100 * Mbps, 50);
        Carry(1, 100 * Mbps, 50, told: (110 * Mbps, 60)).ShouldBeNull();
        Carry(1, 100 * Mbps, 50, told: (105 * Mbps, 60)).ShouldNotBeNull();
    }

    [Fact]
    public void Hardly_any_traffic_is_no_news_and_leaves_an_unknown_demand_unknown() => Carry(20, 1000, 1).ShouldBeNull();

    [Fact]
    public void Demand_falls_only_when_the_window_is_full()
    {
        Carry(18, 100 * Mbps, 50, told: (900 * Mbps, 60)).ShouldBeNull();
        Carry(2, 100 * Mbps, 50, told: (900 * Mbps, 60)).ShouldNotBeNull().Bps.ShouldBe(120 * Mbps);
    }

    [Fact]
    public void Demand_is_told_once_and_at_most_every_half_minute()
    {
        var state = TestState.StateOf(Map(0, 0));
        var observed = TestState.AllHeard(state, Build.At(60_000)) with
        {
            Untold = ImmutableSortedDictionary<VipAddress, VipDemand>.Empty.Add(Vip, new VipDemand(Vip, 5 * Mbps, 7)),
            ToldAt = Build.At(30_001),
        };
        DemandReporter.Tell(state, observed, Build.At(60_000)).ShouldBeEmpty();
        var told = DemandReporter.Tell(state, observed, Build.At(60_001)).ShouldHaveSingleItem();
        DemandReporter.Tell(Evolver.Evolve(state, told, 2), observed, Build.At(90_001)).ShouldBeEmpty();
    }

    private static FleetMap Map(long bps, long cps) =>
        Build.Map(Build.Nodes(2), [Build.Serving(1, "adc-1") with { MeasuredBps = bps, MeasuredCps = cps }]);

    /// <summary>So many steps of half a minute at that rate; the last thing that was worth telling.</summary>
    private VipDemand? Carry(int steps, long bps, long cps, (long Bps, long Cps) told = default)
    {
        VipDemand? last = null;
        for (var i = 0; i < steps * 30; i++)
            last = Second(bps, cps, told) ?? last;
        return last;
    }

    private VipDemand? Second(long bps, long cps, (long Bps, long Cps) told)
    {
        _seconds++;
        _counters = _counters with { BytesOut = _counters.BytesOut + (bps / 8), Connections = _counters.Connections + cps };
        var now = Build.At(_seconds * 1000);
        var heard = ImmutableSortedDictionary<VipAddress, VipCounters>.Empty.Add(Vip, _counters);
        var news = _book.Hear(Map(told.Bps, told.Cps), _load, heard, now).SingleOrDefault();
        _load = _load.Next(now, heard);
        return news;
    }
}
