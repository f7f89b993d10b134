using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Core;

/// <summary>
/// Whoever follows a map by what its events touch ends where whoever looks at all of it does. Forty VIPs, so that following is worth it.
/// </summary>
public sealed class EvolverTests
{
    private static readonly NodeName Two = new("adc-2");
    private static readonly FleetState Before = TestState.StateOf(Build.Map(
        Build.Nodes(3),
        [
            Build.Unplaced(1),
            Build.Serving(2, "adc-1") with { Phase = VipPhase.Arriving },
            Build.Serving(3, "adc-1") with { Phase = VipPhase.Draining, Successor = Two },
            Build.Serving(4, "adc-1") with { Phase = VipPhase.Releasing, Successor = Two },
            Build.Serving(5, "adc-1", "api"),
            .. Enumerable.Range(6, 35).Select(i => Build.Serving(i, $"adc-{1 + (i % 3)}")),
        ]));

    private static readonly FleetEvent[] Events =
    [
        new FleetEvent.ServiceApplied(Build.Service("api", Build.Vips(2, first: 41))),
        new FleetEvent.ServiceRemoved(new ServiceName("api")),
        new FleetEvent.ServiceLeftOut(new ServiceName("api"), "it breaks the rules"),
        new FleetEvent.VipsMoved([new VipMove(Build.Vip(1), Two, MoveReason.Placed), new VipMove(Build.Vip(4), Two, MoveReason.Balance)]),
        new FleetEvent.VipsServing([Build.Vip(2)]),
        new FleetEvent.VipsNotServed([Build.Vip(3), Build.Vip(7)]),
        new FleetEvent.HandoversBegun([new VipMove(Build.Vip(6), Two, MoveReason.Balance)]),
        new FleetEvent.HandoversCalledOff([Build.Vip(3)]),
        new FleetEvent.VipsReleasing([Build.Vip(3)]),
        new FleetEvent.VipsUnplaced([Build.Vip(4), Build.Vip(6)], "nowhere"),
        new FleetEvent.StandbysNamed([new VipStandbys(Build.Vip(7), [Two])]),
        new FleetEvent.DemandMeasured([new VipDemand(Build.Vip(8), 5_000_000, 7)]),
    ];

    public static TheoryData<string> Touching => [.. Events.Select(e => e.GetType().Name)];

    [Theory]
    [MemberData(nameof(Touching))]
    public void Change_that_nodes_are_sent_is_all_that_has_changed(string kind)
    {
        var entry = new JournalEntry(Before.Map.Version.Revision + 1, 1, DateTimeOffset.UnixEpoch, Build.By, [Named(kind)]);
        var (after, touched) = Evolver.Apply(Before, entry);
        Text(MapDelta.Between(Before.Map, after.Map, touched)).ShouldBe(Text(MapDelta.Between(Before.Map, after.Map)));
    }

    [Theory]
    [MemberData(nameof(Touching))]
    public void Index_that_follows_is_the_index_of_the_map(string kind)
    {
        Before.Vips.Owners.ShouldNotBeEmpty();
        var after = Evolver.Evolve(Before, Named(kind), 2);
        var anew = VipIndex.Build(after.Map.Vips);
        after.Vips.Unowned.ShouldBe(anew.Unowned);
        after.Vips.Unsettled.Keys.ShouldBe(anew.Unsettled.Keys);
        after.Vips.Owners.ShouldBe(anew.Owners);
        foreach (var node in anew.Owners)
            after.Vips.OwnedBy(node).ShouldBe(anew.OwnedBy(node));
    }

    [Theory]
    [MemberData(nameof(Touching))]
    public void Nobody_pays_for_an_index_before_somebody_asks_for_it(string kind)
    {
        var unasked = new FleetState { Map = Before.Map };
        var after = Evolver.Evolve(unasked, Named(kind), 2);
        (unasked.IsIndexed, after.IsIndexed).ShouldBe((false, false));
        _ = Before.Vips;
        Evolver.Evolve(Before, Named(kind), 2).IsIndexed.ShouldBeTrue();
    }

    private static FleetEvent Named(string kind) => Events.Single(e => e.GetType().Name == kind);

    private static string Text(MapDelta delta) => System.Text.Encoding.UTF8.GetString(Wire.Encode(new LeaderMessage.Change(delta)));
}
