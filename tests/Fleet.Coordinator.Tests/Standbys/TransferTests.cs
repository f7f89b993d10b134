using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Tests.Control;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>Three coordinators: the leadership goes from one to another in good order.</summary>
public sealed class TransferTests : IDisposable
{
    private readonly Cohort _cohort = new();

    public TransferTests()
    {
        for (var i = 0; i < 3; i++)
            _cohort.Add();
        _cohort.Leader.Name.ShouldBe("c1");
    }

    public void Dispose() => _cohort.Dispose();

    [Theory]
    [InlineData("c2")]
    [InlineData("c3")]
    public void It_goes_to_the_one_that_is_named_and_within_less_than_a_lease(string to)
    {
        var before = _cohort.Leader;
        var handing = before.HandOver(to);
        _cohort.PassUntil(() => !before.Leads, TimeSpan.FromMilliseconds(200));
        _cohort.PassUntil(() => _cohort.Members.Any(m => m.Leads), TimeSpan.FromMilliseconds(50));
        _cohort.PassUntil(() => handing.IsCompleted, TimeSpan.FromMilliseconds(100));
        Cohort.Of(handing).ShouldBeOfType<HandOver.Done>().To.ShouldBe(to);
        _cohort.Leader.Name.ShouldBe(to);
        _cohort.Pass(TimeSpan.FromSeconds(3));
        _cohort.Leader.Name.ShouldBe(to, "and it stays there");
        _cohort.Members.ShouldAllBe(m => m.Deposed.All(term => term == 1), "nobody takes it from the new one");
    }

    [Fact]
    public void Without_a_name_it_goes_to_whoever_has_most_of_the_journal()
    {
        _cohort.Members[1].Holds = true;
        Apply(_cohort.Leader, "b", 2);
        _cohort.Pass(TimeSpan.FromMilliseconds(300));
        var handing = _cohort.Leader.HandOver(null);
        _cohort.PassUntil(() => handing.IsCompleted, TimeSpan.FromSeconds(1));
        _cohort.Leader.Name.ShouldBe("c3");
    }

    [Fact]
    public void Nobody_of_that_name_or_nobody_at_all_changes_nothing()
    {
        var leader = _cohort.Leader;
        Cohort.Of(leader.HandOver("c9")).ShouldBeOfType<HandOver.Refused>().Reason.ShouldContain("c2, c3");
        _cohort.Members[1].Kill();
        _cohort.Members[2].Kill();
        _cohort.Pass(TimeSpan.FromMilliseconds(100));
        Cohort.Of(leader.HandOver(null)).ShouldBeOfType<HandOver.Refused>();
        Apply(leader, "b", 2);
    }

    /// <summary>The one before is a follower like any other then, with nothing left of what it was.</summary>
    [Fact]
    public void It_may_go_round_and_come_back_and_no_command_is_lost()
    {
        for (var i = 0; i < 6; i++)
        {
            var (leader, next) = (_cohort.Leader, $"c{((i + 1) % 3) + 1}");
            var handing = leader.HandOver(next);
            Apply(leader, $"s{i}", i + 10);
            _cohort.PassUntil(() => handing.IsCompleted, TimeSpan.FromSeconds(1));
            _cohort.Leader.Name.ShouldBe(next);
            Cohort.Of(handing).ShouldBeOfType<HandOver.Done>().Version.Term.ShouldBe(i + 2);
            _cohort.Pass(TimeSpan.FromSeconds(1));
        }

        foreach (var member in _cohort.Members)
            member.Look(leader => leader.State.Map.Services.Count).ShouldBe(7);
    }

    /// <summary>Answered, or refused with nothing changed: what was asked of the one before is never carried out by a later candidacy.</summary>
    [Fact]
    public void Command_that_comes_while_it_is_handed_over_is_refused_or_done()
    {
        var leader = _cohort.Leader;
        var handing = leader.HandOver("c2");
        var asked = new List<Task<CommandResult>>();
        for (var i = 0; !handing.IsCompleted && i < 200; i++)
        {
            asked.Add(_cohort.Ask(leader, new Command.ApplyService(Build.Service($"s{i}", Build.Vip(i + 10)))));
            _cohort.Pass(TimeSpan.FromMilliseconds(2));
        }

        var accepted = asked.Count(a => a.IsCompletedSuccessfully && Cohort.Of(a).Decision is Decision.Accepted);
        asked.Count(a => a.IsFaulted && a.Exception!.InnerException is NotLeadingException).ShouldBe(asked.Count - accepted);
        accepted.ShouldBeGreaterThan(0);
        (asked.Count - accepted).ShouldBeGreaterThan(0);
        _cohort.Pass(TimeSpan.FromSeconds(1));
        _cohort.Leader.Look(l => l.State.Map.Services.Count).ShouldBe(1 + accepted);
        var back = _cohort.Leader.HandOver("c1");
        _cohort.PassUntil(() => back.IsCompleted, TimeSpan.FromSeconds(1));
        _cohort.Pass(TimeSpan.FromSeconds(1));
        _cohort.Leader.Look(l => l.State.Map.Services.Count).ShouldBe(1 + accepted);
    }

    /// <summary>Nobody knows whether its entry is in the journal until the store can be read again.</summary>
    [Fact]
    public void Command_whose_outcome_is_unknown_for_a_moment_is_answered_before_it_is_handed_over()
    {
        var leader = _cohort.Leader;
        leader.IsCutOff = true;
        var asked = _cohort.Ask(leader, new Command.ApplyService(Build.Service("b", Build.Vip(2))));
        var handing = leader.HandOver("c2");
        _cohort.Pass(TimeSpan.FromMilliseconds(200));
        (asked.IsCompleted, leader.Leads).ShouldBe((false, true));
        leader.IsCutOff = false;
        _cohort.PassUntil(() => asked.IsCompleted, TimeSpan.FromSeconds(1));
        (Cohort.Of(asked).Decision is Decision.Refused { Kind: RefusalKind.OutcomeUnknown }).ShouldBeFalse();
        _cohort.PassUntil(() => handing.IsCompleted, TimeSpan.FromSeconds(1));
        _cohort.Leader.Name.ShouldBe("c2");
    }

    [Fact]
    public void Nodes_are_kept_until_there_is_somebody_to_go_to_and_are_sent_there()
    {
        var leader = _cohort.Leader;
        var node = new MemorySocket();
        using var end = new CancellationTokenSource();
        var serving = _cohort.Scheduler.Do(() => leader.Program.Links.ServeAsync(
            node, new LinkPeer("adc-1", Build.By, _ => node.Abort(), () => { }), end.Token));
        _cohort.Do(() => node.Say(new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.First, MapVersion.None)));
        _cohort.Pass(TimeSpan.FromMilliseconds(100));
        var handing = leader.HandOver("c2");
        _cohort.PassUntil(() => !leader.Leads, TimeSpan.FromMilliseconds(200));
        node.Sent.ShouldNotContain(m => m is LeaderMessage.Redirect);
        _cohort.PassUntil(() => handing.IsCompleted, TimeSpan.FromSeconds(1));
        node.Sent[^1].ShouldBe(new LeaderMessage.Redirect($"{_cohort.Members[1].Link}"));
        _cohort.Leader.Name.ShouldBe("c2");
    }

    /// <summary>Each process is told to end, and another takes its place.</summary>
    [Fact]
    public void All_three_are_replaced_one_after_another_and_each_time_somebody_leads_at_once()
    {
        Apply(_cohort.Leader, "b", 2);
        for (var i = 0; i < 3; i++)
        {
            var old = _cohort.Members[i];
            var stopping = old.Terminate();
            _cohort.PassUntil(() => stopping.IsCompleted, TimeSpan.FromSeconds(3));
            _cohort.PassUntil(() => _cohort.Members.Any(m => m != old && m.Leads), TimeSpan.FromMilliseconds(100));
            old.Kill();
            _cohort.Add();
        }

        _cohort.Members.Take(3).ShouldAllBe(m => !m.Leads);
        Apply(_cohort.Leader, "c", 3);
        _cohort.Leader.Look(leader => leader.State.Map.Services.Count).ShouldBe(3);
    }

    private void Apply(Cohort.Member member, string service, int vip)
    {
        var asked = _cohort.Ask(member, new Command.ApplyService(Build.Service(service, Build.Vip(vip))));
        _cohort.PassUntil(() => asked.IsCompleted, TimeSpan.FromMilliseconds(500));
        Cohort.Of(asked).Decision.ShouldBeOfType<Decision.Accepted>();
    }
}
