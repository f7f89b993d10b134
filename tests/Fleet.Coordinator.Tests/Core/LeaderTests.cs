using System.Collections.Immutable;
using Fleet.Coordinator.Api;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Core;

public sealed class LeaderTests
{
    private static readonly RequestOrigin Caller = new RequestOrigin.Caller(7);

    private static readonly DateTimeOffset Wall = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Hello_is_welcomed_and_joins_the_fleet()
    {
        var leader = new Leader(3, FleetState.Empty, Build.At(0));
        var step = leader.Step(Hello(1, "adc-1"), Build.At(1), Wall);
        step.Works[0].ShouldBe(new LeaderWork.Send(1, new LeaderMessage.Welcome(3, LeaseTerms.Default)));
        step.Entry.ShouldNotBeNull().Events.OfType<FleetEvent.NodeJoined>().Single().Facts.ShouldBe(Build.Facts("adc-1"));
    }

    [Fact]
    public void Hello_that_came_while_the_journal_could_not_be_written_counts_when_it_can()
    {
        var leader = new Leader(1, FleetState.Empty, Build.At(0));
        leader.Step(Hello(1, "adc-1"), Build.At(1), Wall).Entry.ShouldNotBeNull();
        leader.Abandon("disk full");
        var later = leader.Step(new LeaderInput.Tick(), Build.At(60), Wall).Entry.ShouldNotBeNull();
        leader.Commit(later, Build.At(61));
        leader.State.Map.Nodes.Keys.ShouldBe([new NodeName("adc-1")]);
    }

    [Fact]
    public void Command_is_answered_only_when_its_entry_is_committed()
    {
        var leader = new Leader(1, FleetState.Empty, Build.At(0));
        var step = leader.Step(
            new LeaderInput.Asked(Caller, new Command.ApplyService(Build.Service("web", Build.Vip(1))), Build.By, null), Build.At(1), Wall);
        step.Works.ShouldBeEmpty();
        var answer = leader.Commit(step.Entry!, Build.At(2)).OfType<LeaderWork.Answer>().Single();
        answer.Origin.ShouldBe(Caller);
        answer.Version.ShouldBe(new MapVersion(1, 1));
    }

    [Fact]
    public void Entry_of_a_command_keeps_who_asked_by_what_proof_and_from_where_and_all_others_are_the_leaders()
    {
        var leader = new Leader(1, FleetState.Empty, Build.At(0));
        var asked = leader
            .Step(new LeaderInput.Asked(Caller, new Command.ApplyService(Build.Service("web", Build.Vip(1))), Build.By, null), Build.At(1), Wall)
            .Entry
            .ShouldNotBeNull();
        asked.By.ShouldBe(Build.By);
        leader.Commit(asked, Build.At(2));
        leader.Step(Hello(1, "adc-1"), Build.At(3), Wall).Entry.ShouldNotBeNull().By.ShouldBe(Principal.Leader);
    }

    [Fact]
    public void Node_that_joins_is_written_down_with_who_said_hello_though_the_journal_could_not_be_written_then()
    {
        var leader = new Leader(1, FleetState.Empty, Build.At(0));
        leader.Step(Hello(1, "adc-1"), Build.At(1), Wall).Entry.ShouldNotBeNull();
        leader.Abandon("disk full");
        var entry = leader.Step(new LeaderInput.Tick(), Build.At(60), Wall).Entry.ShouldNotBeNull();
        entry.Events.OfType<FleetEvent.NodeJoined>().Single().By.ShouldBe(Build.By);
        EventWords.Views(entry).Single(view => view.Kind == "node-joined").By.ShouldBe(Build.By);
    }

    [Fact]
    public void Command_whose_entry_cannot_be_written_is_refused_and_changes_nothing()
    {
        var leader = new Leader(1, FleetState.Empty, Build.At(0));
        leader.Step(new LeaderInput.Asked(Caller, new Command.ApplyService(Build.Service("web", Build.Vip(1))), Build.By, null), Build.At(1), Wall);
        leader
            .Abandon("disk full")
            .OfType<LeaderWork.Answer>()
            .Single().Decision
            .ShouldBeOfType<Decision.Refused>().Kind
            .ShouldBe(RefusalKind.Unavailable);
        leader.State.Map.Services.ShouldBeEmpty();
    }

    [Fact]
    public void Node_of_which_nobody_knows_whether_it_was_declared_lost_gets_no_acknowledgement_until_it_is_known()
    {
        var leader = Joined("adc-1");
        var lost = leader
            .Step(new LeaderInput.Asked(Caller, new Command.DeclareDown(new NodeName("adc-1")), Build.By, null), Build.At(2000), Wall).Entry
            .ShouldNotBeNull();
        leader.Doubt(lost, Build.At(2001)).ShouldNotBeNull().Origin.ShouldBe(Caller);
        Acks(leader, 2010).ShouldBe(0, "its VIPs may be another's");
        leader.Forget();
        Acks(leader, 2020).ShouldBe(1, "it was never declared lost");
    }

    [Fact]
    public void Undrain_forgives_a_node_how_often_it_was_lost()
    {
        var (leader, name) = (Joined("adc-1"), new NodeName("adc-1"));
        var (lost, returned) = (new FleetEvent.NodeLost(name, "silent"), new FleetEvent.NodeReturned(name));
        foreach (var happened in new FleetEvent[] { lost, returned, lost })
            leader.Commit(new JournalEntry(leader.State.Map.Version.Revision + 1, 1, Wall, Build.By, [happened]), Build.At(100));
        Acks(leader, 101);
        leader.Observed.Node(name).Losses.ShouldBe(2);
        var entry = leader
            .Step(new LeaderInput.Asked(Caller, new Command.Intend(name, NodeIntent.Active), Build.By, null), Build.At(110), Wall).Entry
            .ShouldNotBeNull();
        entry.Events.OfType<FleetEvent.NodeReturned>().ShouldBeEmpty();
        leader.Commit(entry, Build.At(111));
        leader.Observed.Node(name).Losses.ShouldBe(0);
        leader.Step(new LeaderInput.Tick(), Build.At(112), Wall).Entry.ShouldNotBeNull().Events.ShouldContain(new FleetEvent.NodeReturned(name));
    }

    [Fact]
    public void Command_for_another_version_is_stale()
    {
        var leader = new Leader(1, FleetState.Empty, Build.At(0));
        var step = leader.Step(
            new LeaderInput.Asked(Caller, new Command.RemoveService(new ServiceName("web")), Build.By, new MapVersion(1, 9)), Build.At(1), Wall);
        step.Works.OfType<LeaderWork.Answer>().Single().Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Stale);
    }

    [Fact]
    public void Who_speaks_before_hello_is_cut_off()
    {
        var leader = new Leader(1, FleetState.Empty, Build.At(0));
        leader.Step(new LeaderInput.Said(5, Build.By, new NodeMessage.Goodbye()), Build.At(1), Wall).Works.ShouldBe([new LeaderWork.Close(5)]);
    }

    [Fact]
    public void Second_agent_of_a_name_that_is_alive_is_refused_and_taken_when_the_first_is_gone()
    {
        var leader = Joined("adc-1");
        leader
            .Step(Hello(2, "adc-1", Build.Second), Build.At(100), Wall).Works[0]
            .ShouldBeOfType<LeaderWork.Send>().Message
            .ShouldBeOfType<LeaderMessage.Refusal>();
        leader.Step(new LeaderInput.Parted(1), Build.At(110), Wall);
        leader
            .Step(Hello(3, "adc-1", Build.Second), Build.At(120), Wall).Works[0]
            .ShouldBeOfType<LeaderWork.Send>().Message
            .ShouldBeOfType<LeaderMessage.Welcome>();
    }

    [Fact]
    public void Same_agent_on_a_new_link_takes_the_place_of_its_old_one_at_once()
    {
        var leader = Joined("adc-1");
        var works = leader.Step(Hello(2, "adc-1"), Build.At(20), Wall).Works;
        works.ShouldContain(new LeaderWork.Close(1));
        works.OfType<LeaderWork.Send>().First().Message.ShouldBeOfType<LeaderMessage.Welcome>();
    }

    [Fact]
    public void Goodbye_was_said_by_the_agent_that_went_and_not_by_the_one_that_came_after_it()
    {
        var leader = Joined("adc-1");
        leader.Step(new LeaderInput.Said(1, Build.By, new NodeMessage.Goodbye()), Build.At(10), Wall);
        leader.Observed.Node(new NodeName("adc-1")).SaidGoodbye.ShouldBeTrue();
        leader.Step(new LeaderInput.Parted(1), Build.At(20), Wall);
        leader.Step(Hello(2, "adc-1", Build.Second), Build.At(30), Wall);
        leader.Observed.Node(new NodeName("adc-1")).SaidGoodbye.ShouldBeFalse();
    }

    private static int Acks(Leader leader, long at)
    {
        var beat = new NodeMessage.Heartbeat(
            1, leader.State.Map.Version, [], ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty);
        var step = leader.Step(new LeaderInput.Said(1, Build.By, beat), Build.At(at), Wall);
        if (step.Entry is not null)
            leader.Abandon("in doubt");
        return step.Works.OfType<LeaderWork.Send>().Count(s => s.Message is LeaderMessage.Ack);
    }

    private static Leader Joined(string node)
    {
        var leader = new Leader(1, FleetState.Empty, Build.At(0));
        leader.Commit(leader.Step(Hello(1, node), Build.At(1), Wall).Entry!, Build.At(2));
        return leader;
    }

    private static LeaderInput.Said Hello(long connection, string node, Incarnation? incarnation = null) =>
        new(connection, Build.By, new NodeMessage.Hello(Wire.Schema, Build.Facts(node), incarnation ?? Build.First, MapVersion.None));
}
