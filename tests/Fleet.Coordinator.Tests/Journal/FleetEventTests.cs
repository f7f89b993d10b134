using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Fleet.Coordinator.Api;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Journal;

public sealed class FleetEventTests
{
    private static readonly NodeName One = new("adc-1");
    private static readonly NodeName Two = new("adc-2");
    private static readonly NodeName Three = new("adc-3");

    private static readonly ImmutableArray<FleetEvent> Samples =
    [
        new FleetEvent.TermBegun(2, "c1"),
        new FleetEvent.PolicySet(BuildPolicy.WithPool("10.0.0.0/24")),
        new FleetEvent.ServiceApplied(Build.Service("web", Build.Vips(6))),
        new FleetEvent.ServiceRemoved(new ServiceName("web")),
        new FleetEvent.ServiceLeftOut(new ServiceName("bad"), "it breaks the rules"),
        new FleetEvent.NodeJoined(Build.Facts("adc-9"), Build.By),
        new FleetEvent.NodeReturned(One),
        new FleetEvent.NodeLost(One, "silent"),
        new FleetEvent.NodesSuspected([One]),
        new FleetEvent.NodesCleared([Three]),
        new FleetEvent.SitesHeldDown([new SiteName("here")]),
        new FleetEvent.SitesReleased([new SiteName("there")]),
        new FleetEvent.OverflowSet(ImmutableSortedDictionary<SiteName, int>.Empty.Add(new SiteName("here"), 40_000)),
        new FleetEvent.NodeIntended(One, NodeIntent.Draining),
        new FleetEvent.NodeForgotten(One),
        new FleetEvent.WitnessesNamed(One, [Two]),
        new FleetEvent.WitnessesConfirmed(One, 1),
        new FleetEvent.WeightsSet(ImmutableSortedDictionary<NodeName, int>.Empty.Add(One, 17)),
        new FleetEvent.VipsMoved([new VipMove(Build.Vip(1), Two, MoveReason.OwnerLost)]),
        new FleetEvent.VipsServing(Build.Vips(1)),
        new FleetEvent.VipsNotServed(Build.Vips(1)),
        new FleetEvent.HandoversBegun([new VipMove(Build.Vip(1), Two, MoveReason.Balance)]),
        new FleetEvent.HandoversCalledOff(Build.Vips(1)),
        new FleetEvent.VipsReleasing(Build.Vips(1)),
        new FleetEvent.VipsUnplaced(Build.Vips(1), "nowhere"),
        new FleetEvent.RemovedVipsReleased(Build.Vips(1, first: 99)),
        new FleetEvent.OldTermsGone(1),
        new FleetEvent.StandbysNamed([new VipStandbys(Build.Vip(1), [Two])]),
        new FleetEvent.ProtectionOverridden("adc-2 would be too full"),
        new FleetEvent.DemandMeasured([new VipDemand(Build.Vip(1), 5_000_000, 7)]),
        new FleetEvent.FeedbackSet(ImmutableSortedDictionary<BackendKey, int>.Empty.Add(new BackendKey(new ServiceName("web"), "b1"), 40)),
        new FleetEvent.VerdictsChanged(
            ImmutableSortedDictionary<BackendKey, Verdict>.Empty.Add(new BackendKey(new ServiceName("web"), "b1"), Verdict.Up)),
    ];

    private static FleetState Before => new()
    {
        Map = Build.Map(
            [Build.Node("adc-1"), Build.Node("adc-2"), Build.NodeAt("adc-3", "there") with { Suspected = true }],
            [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2"), Build.Unplaced(3)]) with
        {
            Sites = ImmutableSortedDictionary<SiteName, SiteEntry>.Empty.Add(
                new SiteName("there"), new SiteEntry(new SiteName("there"), HeldDown: true)),
            Services = ImmutableSortedDictionary<ServiceName, Service>.Empty.Add(
                new ServiceName("web"), WithAgents(Build.Service("web", Build.Vips(3)))),
        },
        WitnessSets = ImmutableSortedDictionary<NodeName, ImmutableArray<WitnessSet>>.Empty.Add(
            One, [new WitnessSet(0, [Two]), new WitnessSet(1, [Two])]),
        OldTerms = [new OldTerms(1, new LeaseTerms(200, 800, 100))],
        UnreleasedVips = ImmutableSortedDictionary<VipAddress, UnreleasedVip>.Empty.Add(Build.Vip(99), new UnreleasedVip(Two, 1)),
    };

    [Fact]
    public void Every_case_has_a_sample_here() =>
        typeof(FleetEvent).GetNestedTypes(BindingFlags.Public).Select(t => t.Name).Order()
            .ShouldBe(Samples.Select(s => s.GetType().Name).Distinct().Order());

    [Fact]
    public void Every_case_folds_and_all_but_the_beginning_of_a_term_change_the_state()
    {
        foreach (var sample in Samples)
        {
            var after = Evolver.Evolve(Before, sample, 2);
            var changed = Text(after) != Text(Before);
            changed.ShouldBe(sample is not (FleetEvent.TermBegun or FleetEvent.NodeReturned or FleetEvent.ProtectionOverridden), sample.ToString());
        }
    }

    [Fact]
    public void Every_case_about_what_is_gone_changes_nothing_and_does_not_refuse()
    {
        var nothing = FleetState.Empty;
        foreach (var sample in Samples.Where(s =>
            s is not (FleetEvent.PolicySet or FleetEvent.ServiceApplied or FleetEvent.ServiceLeftOut or FleetEvent.NodeJoined
                     or FleetEvent.WitnessesNamed or FleetEvent.VerdictsChanged)))
        {
            Text(Evolver.Evolve(nothing, sample, 2)).ShouldBe(Text(nothing), sample.ToString());
        }
    }

    [Fact]
    public void Every_case_survives_the_journal_and_folds_to_the_same_state_after_it()
    {
        var entry = new JournalEntry(2, 1, DateTimeOffset.UnixEpoch, Build.By, Samples);
        var text = JsonSerializer.Serialize(entry, JournalJson.Default.JournalEntry);
        var read = JsonSerializer.Deserialize(text, JournalJson.Default.JournalEntry)!;
        JsonSerializer.Serialize(read, JournalJson.Default.JournalEntry).ShouldBe(text);
        Text(Evolver.Evolve(Before, read)).ShouldBe(Text(Evolver.Evolve(Before, entry)));
    }

    [Fact]
    public void Every_case_has_a_sentence() =>
        Samples.Where(s => EventWords.Text(s) == EventWords.Kind(s)).ShouldBeEmpty("Put it into words in Api/EventWords.cs.");

    [Fact]
    public void Every_case_is_called_the_same_in_the_journal_and_to_people()
    {
        foreach (var sample in Samples)
        {
            var entry = new JournalEntry(2, 1, DateTimeOffset.UnixEpoch, Build.By, [sample]);
            JsonSerializer.SerializeToNode(entry, JournalJson.Default.JournalEntry)!["events"]![0]!["kind"]!.GetValue<string>()
                .ShouldBe(EventWords.Kind(sample));
        }
    }

    [Fact]
    public void Snapshot_survives_its_json()
    {
        var read = JsonSerializer.Deserialize(Text(Before), JournalJson.Default.FleetState)!;
        Text(read).ShouldBe(Text(Before));
        read.UnreleasedVips[Build.Vip(99)].ShouldBe(new UnreleasedVip(Two, 1));
    }

    [Fact]
    public void Entry_numbers_the_map_and_names_its_parent()
    {
        var after = Evolver.Evolve(Before, new JournalEntry(2, 5, DateTimeOffset.UnixEpoch, Build.By, [new FleetEvent.TermBegun(5, "c1")]));
        after.Map.Version.ShouldBe(new MapVersion(5, 2));
        after.Map.Parent.ShouldBe(new MapVersion(1, 1));
    }

    private static Service WithAgents(Service service) => service with { Pool = service.Pool with { Feedback = new FeedbackSpec(9777, 1000, 500) } };

    private static string Text(FleetState state) => JsonSerializer.Serialize(state, JournalJson.Default.FleetState);
}
