using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Sites;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Sites;

/// <summary>
/// The loop from what clients ask for to what DNS keeps and back: sites ams and fra of 20 Gbit/s each. Of the clients of ams those that are kept load
/// ams, the others fra, each as soon as their connections of before have ended. Offered loads are parts of a site, with 2 % of noise.
/// </summary>
public sealed class OverflowTests
{
    private const double SiteBps = 20e9;
    private const double ConnectionBps = 1e6;
    private static readonly SiteName Ams = new("ams");

    private readonly Random _chance = new(1);
    private readonly List<(double At, double Kept)> _told = [(0, 1)];
    private FleetState _state;
    private Observed _observed;
    private double _seconds;
    private double _ams;
    private double _fra;
    private VipCounters[] _counters = [.. Enumerable.Repeat(VipCounters.Zero, 3)];

    public OverflowTests()
    {
        _state = TestState.StateOf(Build.Map(
            [Build.NodeAt("adc-1", "ams"), Build.NodeAt("adc-2", "ams"), Build.NodeAt("adc-3", "fra", 20 * Build.Gbps)],
            [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2", "fixed"), Build.Serving(3, "adc-3")]));
        SetOverflow(true);
        _observed = TestState.AllHeard(_state, Build.At(0))
            with
        { SiteSince = SiteObservations.Follow(ImmutableSortedDictionary<SiteName, Instant>.Empty, _state.Map, _state, Build.At(0)) };
    }

    private double Kept => (double)_state.Map.SiteOf(Ams).Kept / SiteEntry.KeptAll;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10)]
    public void Exactly_what_fits_stays_without_oscillation_and_all_stays_when_the_load_falls(double life)
    {
        Run(60, offered: 0.7, life);
        _told.Count.ShouldBe(1, "all of it fits");
        Run(240, offered: 1.3, life);
        _told.Min(t => t.Kept).ShouldBeGreaterThan(0.98 / 1.3, "it does not overshoot");
        _told.Where(t => t.At > 150).Append((300, Kept)).ShouldAllBe(t => Math.Abs((t.Kept * 1.3) - 1) < 0.02);
        _told.Count.ShouldBeLessThan(60);
        Run(60, offered: 0.7, life);
        Kept.ShouldBe(1);
        _state.Map.Sites.ShouldBeEmpty();
    }

    [Fact]
    public void Services_that_stay_are_given_their_room_first()
    {
        Run(240, offered: 1, life: 1, fix: 0.4);
        Kept.ShouldBe(0.6, 0.02);
    }

    [Fact]
    public void What_may_be_used_of_nodes_is_what_fits()
    {
        _state = _state with { Map = _state.Map with { Policy = _state.Map.Policy with { Protection = new Protection(1, 0, 0.8) } } };
        Run(240, offered: 1, life: 1);
        Kept.ShouldBe(0.8, 0.02);
    }

    [Fact]
    public void No_more_goes_elsewhere_than_others_have_room_for()
    {
        Run(240, offered: 1.5, life: 1, elsewhere: 0.8);
        _fra.ShouldBeInRange(0.93 * SiteBps, 1.01 * SiteBps);
        Run(240, offered: 1.5, life: 1, elsewhere: 1.2);
        Kept.ShouldBe(1, "the other site is full of its own");
    }

    [Fact]
    public void Nothing_goes_elsewhere_where_there_is_no_other_site_or_it_is_held()
    {
        _state = Evolver.Evolve(_state, new FleetEvent.SitesHeldDown([new SiteName("fra")]), 2);
        Run(60, offered: 1.5, life: 1);
        Kept.ShouldBe(1);
        _state = Evolver.Evolve(_state, new FleetEvent.NodeForgotten(new NodeName("adc-3")), 3);
        Run(60, offered: 1.5, life: 1);
        Kept.ShouldBe(1);
    }

    [Fact]
    public void Service_that_does_not_overflow_stays()
    {
        SetOverflow(false);
        Run(60, offered: 1.5, life: 1);
        _told.Count.ShouldBe(1);
    }

    [Fact]
    public void When_no_service_overflows_any_more_all_stays_at_once()
    {
        Run(120, offered: 1.3, life: 1);
        Kept.ShouldBeLessThan(0.9);
        SetOverflow(false);
        Run(3, offered: 1.3, life: 1);
        Kept.ShouldBe(1);
    }

    [Fact]
    public void New_leader_goes_on_from_what_the_map_says_once_it_has_telemetry()
    {
        Run(200, offered: 1.3, life: 1);
        _told.Clear();
        _observed = _observed with { Overflow = OverflowObservations.None };
        foreach (var name in _state.Map.Nodes.Keys)
            _observed = _observed.With(name, n => n with { Load = NodeLoad.None });
        Run(60, offered: 1.3, life: 1);
        _told.Append((_seconds, Kept)).ShouldAllBe(t => Math.Abs((t.Kept * 1.3) - 1) < 0.02);
    }

    [Fact]
    public void Declared_demand_moves_nobody()
    {
        var vips = _state.Map.Vips.Values.Select(v => KeyValuePair.Create(v.Address, v with { DemandBps = (long)(2 * SiteBps) }));
        _state = _state with { Map = _state.Map with { Vips = _state.Map.Vips.SetItems(vips) } };
        Run(60, offered: 0, life: 1);
        _told.Count.ShouldBe(1);
    }

    private void SetOverflow(bool overflow)
    {
        var web = _state.Map.Services[new ServiceName("web")];
        _state = _state
            with
        {
            Map = _state.Map with { Services = _state.Map.Services.SetItem(web.Name, web with { Gslb = web.Gslb with { Overflow = overflow } }) },
        };
    }

    /// <summary>Steps of 100 ms; counters come every second, the leader looks with every step.</summary>
    private void Run(double span, double offered, double life, double fix = 0, double elsewhere = 0.2)
    {
        for (var step = 0; step < span * 10; step++)
        {
            _seconds += 0.1;
            var asked = offered * SiteBps * (1 + (0.02 * ((2 * _chance.NextDouble()) - 1)));
            var follow = life > 0 ? 1 - Math.Exp(-0.1 / life) : 1;
            _ams += ((asked * Kept) - _ams) * follow;
            _fra += ((asked * (1 - Kept)) + (elsewhere * SiteBps) - _fra) * follow;
            Carry(0, _ams, asked * Kept, life);
            Carry(1, fix * SiteBps, 0, life);
            Carry(2, _fra, asked * (1 - Kept), life);
            if (step % 10 == 0)
                Hear();
            Look();
        }
    }

    private void Carry(int vip, double bps, double asked, double life) => _counters[vip] = _counters[vip] with
    {
        BytesOut = _counters[vip].BytesOut + (long)(bps / 80),
        Connections = _counters[vip].Connections + (long)(asked / ConnectionBps / Math.Max(0.1, life) / 10),
        Active = (int)(bps / ConnectionBps),
    };

    private void Hear()
    {
        foreach (var (name, i) in _state.Map.Nodes.Keys.Select((name, i) => (name, i)))
        {
            var heard = ImmutableSortedDictionary<VipAddress, VipCounters>.Empty.Add(Build.Vip(i + 1), _counters[i]);
            _observed = _observed.With(name, n => n with { Load = n.Load.Next(Build.At(_seconds * 1000), heard) });
        }
    }

    private void Look()
    {
        var now = Build.At(_seconds * 1000);
        _observed = _observed with { Overflow = _observed.Overflow.Next(_state, _observed, now) };
        foreach (var happened in OverflowReporter.Tell(_state, _observed, now).ToArray())
        {
            _state = Evolver.Evolve(_state, happened, 2);
            _told.Add((_seconds, Kept));
        }
    }
}
