using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Core;

public sealed class ProtectionGateTests
{
    private static readonly DateTimeOffset Wall = DateTimeOffset.UnixEpoch;
    private static readonly Command Drain = new Command.Intend(new NodeName("adc-3"), NodeIntent.Draining);

    /// <summary>Three nodes of 10 Gbit/s and 18 Gbit/s of demand: any one may fail, and the two that are left are 90 % full.</summary>
    private readonly Leader _leader = new(1, new FleetState { Map = Full(3, 18) }, Build.At(0));

    [Fact]
    public void Drain_that_breaks_the_protection_is_refused_with_the_failure_the_node_the_excess_and_what_would_mend_it()
    {
        var refused = Answer(Prove(Ask(Drain))).ShouldBeOfType<Decision.Refused>();
        refused.Kind.ShouldBe(RefusalKind.Conflict);
        refused.Reason.ShouldContain("should adc-1 fail, adc-2 would have to carry 8 Gbit/s more than it may");
        refused.Reason.ShouldContain("more node");
        _leader.State.Map.Nodes[new NodeName("adc-3")].Intent.ShouldBe(NodeIntent.Active);
    }

    [Fact]
    public void Force_does_it_and_the_journal_says_that_it_was_forced()
    {
        var entry = Prove(Ask(Drain, force: true)).Entry.ShouldNotBeNull();
        entry.By.ShouldBe(Build.By);
        entry.Events.OfType<FleetEvent.NodeIntended>().ShouldHaveSingleItem();
        entry.Events.OfType<FleetEvent.ProtectionOverridden>().Single().Breach.ShouldContain("8 Gbit/s");
    }

    [Fact]
    public void Who_has_no_permission_to_force_is_refused_at_once_and_may_still_ask_without()
    {
        var strict = new Leader(1, new FleetState { Map = Full(3, 18) }, Build.At(0), by => by == Build.By ? Rights.None : Rights.All);
        var refused = strict.Step(new LeaderInput.Asked(Caller(7), Drain, Build.By, null, Force: true), Build.At(1), Wall);
        refused.Works.OfType<LeaderWork.CompareProtection>().ShouldBeEmpty();
        var answer = Answer(refused, strict).ShouldBeOfType<Decision.Refused>();
        answer.Kind.ShouldBe(RefusalKind.Forbidden);
        answer.Reason.ShouldBe(
            "ann (claimed) from 203.0.113.7 may not force what would break the protection: ask without --force, or ask somebody who has the "
            + "permission 'force'.");
        strict
            .Step(new LeaderInput.Asked(Caller(8), Drain, Build.By, null), Build.At(2), Wall).Works
            .OfType<LeaderWork.CompareProtection>()
            .ShouldHaveSingleItem();
        strict
            .Step(new LeaderInput.Asked(Caller(9), Drain, Principal.Claimed("bob", null), null, Force: true), Build.At(3), Wall).Works
            .OfType<LeaderWork.CompareProtection>()
            .ShouldHaveSingleItem();
    }

    [Fact]
    public void Until_there_is_authentication_whoever_reaches_the_api_may_force()
    {
        Rights.Of(Build.By).ShouldBe(Rights.All);
        Rights.Of(Principal.Configuration).ShouldBe(Rights.All);
        Rights.All.Granted.ShouldBe(Enum.GetValues<Permission>());
    }

    [Fact]
    public void What_breaks_nothing_is_done_and_force_leaves_no_trace()
    {
        var easy = new Leader(1, new FleetState { Map = Full(4, 18) }, Build.At(0));
        var step = easy.Step(new LeaderInput.Asked(Caller(7), Drain, Build.By, null, Force: true), Build.At(1), Wall);
        var judge = step.Works.OfType<LeaderWork.CompareProtection>().Single();
        var entry = easy.Step(
            new LeaderInput.ProtectionCompared(judge.Ticket, ProtectionComparison.Compare(judge.Before, judge.After)), Build.At(2), Wall).Entry
            .ShouldNotBeNull();
        entry.Events.ShouldContain(e => e is FleetEvent.NodeIntended);
        entry.Events.ShouldNotContain(e => e is FleetEvent.ProtectionOverridden);
    }

    [Fact]
    public void Broken_protection_lets_pass_what_does_not_make_it_worse()
    {
        var broken = new Leader(1, new FleetState { Map = Full(3, 24) }, Build.At(0));
        var more = new Command.ApplyService(Build.Service("more", Build.Vip(200)) with { DemandBps = 1 });
        var judge = broken
            .Step(new LeaderInput.Asked(Caller(7), Drain, Build.By, null), Build.At(1), Wall).Works
            .OfType<LeaderWork.CompareProtection>()
            .Single();
        ProtectionComparison.Compare(judge.Before, judge.After).Breach.ShouldNotBeNull("a drain makes it worse");
        var less = broken.State.Map.Services[new ServiceName("web")] with { DemandBps = 21_000_000_000 };
        judge = broken
            .Step(new LeaderInput.Asked(Caller(8), new Command.ApplyService(less), Build.By, null), Build.At(2), Wall).Works
            .OfType<LeaderWork.CompareProtection>()
            .Single();
        ProtectionComparison.Compare(judge.Before, judge.After).Breach.ShouldBeNull("less demand is better, though not enough");
        broken
            .Step(new LeaderInput.Asked(Caller(9), more, Build.By, null), Build.At(3), Wall).Works
            .OfType<LeaderWork.CompareProtection>()
            .ShouldHaveSingleItem();
    }

    [Fact]
    public void Judgement_of_a_fleet_that_has_changed_is_made_anew_and_in_the_end_given_up()
    {
        var step = Ask(Drain);
        for (var i = 1; i < ProtectionGate.TriesMax; i++)
        {
            Change(i);
            step = Prove(step);
            step.Works.OfType<LeaderWork.CompareProtection>().ShouldHaveSingleItem("it is judged again");
        }

        Change(ProtectionGate.TriesMax);
        Answer(Prove(step)).ShouldBeOfType<Decision.Refused>().Reason.ShouldContain("try again");
    }

    [Fact]
    public void Version_that_the_asker_named_must_still_be_the_fleets_when_it_has_been_judged()
    {
        var step = Ask(new Command.Intend(new NodeName("adc-3"), NodeIntent.Cordoned), onlyAt: _leader.State.Map.Version);
        _leader.Commit(
            new JournalEntry(
                2, 1, Wall, Build.By, [new FleetEvent.WeightsSet(System.Collections.Immutable.ImmutableSortedDictionary<NodeName, int>.Empty)]),
            Build.At(5));
        Answer(Prove(step)).ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Stale);
    }

    [Fact]
    public void Planner_that_breaks_lets_nothing_through_but_what_is_forced()
    {
        var judge = Ask(Drain).Works.OfType<LeaderWork.CompareProtection>().Single();
        Answer(_leader.Step(new LeaderInput.ProtectionCompared(judge.Ticket, null, "it broke"), Build.At(3), Wall))
            .ShouldBeOfType<Decision.Refused>().Reason
            .ShouldContain("it broke");
    }

    [Fact]
    public void Configuration_a_fleet_without_nodes_and_a_service_that_only_changes_its_backends_are_not_judged()
    {
        _leader
            .Step(new LeaderInput.Asked(RequestOrigin.Configuration, Drain, Principal.Configuration, null), Build.At(1), Wall).Works
            .OfType<LeaderWork.CompareProtection>()
            .ShouldBeEmpty();
        var web = _leader.State.Map.Services[new ServiceName("web")];
        Ask(new Command.ApplyService(web with { Pool = web.Pool with { Backends = [] } })).Works
            .OfType<LeaderWork.CompareProtection>()
            .ShouldBeEmpty();
        var empty = new Leader(1, FleetState.Empty, Build.At(0));
        empty
            .Step(new LeaderInput.Asked(Caller(1), new Command.ApplyService(web), Build.By, null), Build.At(1), Wall).Works
            .OfType<LeaderWork.CompareProtection>()
            .ShouldBeEmpty();
    }

    /// <summary>Nodes of 10 Gbit/s, and that much demand spread over them in VIPs of 500 Mbit/s.</summary>
    private static FleetMap Full(int nodes, int gbps)
    {
        var vips = Enumerable
            .Range(0, gbps * 2)
            .Select(i =>
                Build.Serving(i + 1, $"adc-{(i % nodes) + 1}", "web", $"adc-{((i + 1 + (i / nodes % (nodes - 1))) % nodes) + 1}")
                    with
                { DemandBps = 500_000_000 });
        var map = Build.Map(Build.Nodes(nodes), vips);
        var web = map.Services.Values.Single() with { DemandBps = gbps * 1_000_000_000L };
        return map with { Services = map.Services.SetItem(web.Name, web) };
    }

    private LeaderStep Ask(Command command, bool force = false, MapVersion? onlyAt = null) =>
        _leader.Step(new LeaderInput.Asked(Caller(7), command, Build.By, onlyAt, force), Build.At(1), Wall);

    private LeaderStep Prove(LeaderStep step)
    {
        var judge = step.Works.OfType<LeaderWork.CompareProtection>().Single();
        return _leader.Step(
            new LeaderInput.ProtectionCompared(judge.Ticket, ProtectionComparison.Compare(judge.Before, judge.After)), Build.At(2), Wall);
    }

    /// <summary>Something that matters to placement happens meanwhile.</summary>
    private void Change(int number) =>
        _leader.Commit(
            new JournalEntry(1 + number, 1, Wall, Build.By, [new FleetEvent.NodeJoined(Build.Facts($"adc-{10 + number}", capacityBps: 1))]),
            Build.At(number));

    /// <summary>What else happens in the step may have to be written first.</summary>
    private Decision Answer(LeaderStep step, Leader? of = null) =>
        step.Works.Concat(step.Entry is { } entry ? (of ?? _leader).Commit(entry, Build.At(9)) : []).OfType<LeaderWork.Answer>().Single().Decision;

    private static RequestOrigin.Caller Caller(long number) => new(number);
}
