using System.Text.Json;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>A leader and one that waits: when the leadership is taken, and when it must not be.</summary>
public sealed class StandbyTests : IDisposable
{
    private readonly Cohort _cohort = new();
    private readonly Cohort.Member _leader;
    private readonly Cohort.Member _standby;

    public StandbyTests()
    {
        _leader = _cohort.Add();
        _standby = _cohort.Add();
        (_leader.Leads, _standby.Leads).ShouldBe((true, false));
    }

    public void Dispose()
    {
        _cohort.Scheduler.Strays.ShouldBe(0);
        _cohort.Dispose();
    }

    [Fact]
    public void Leader_that_is_gone_without_a_word_is_followed_at_once_by_who_knows_all_it_wrote()
    {
        Apply(_leader, "b", 2);
        var state = Text(_leader);
        _cohort.Pass(TimeSpan.FromMilliseconds(20));
        _leader.Kill();
        _cohort.PassUntil(() => _standby.Leads, TimeSpan.FromMilliseconds(50));
        _standby.Deposed.ShouldBe([1]);
        Text(_standby).ShouldBe(state, "all but what the new term changes");
        Apply(_standby, "c", 3);
    }

    [Fact]
    public void Leader_that_is_silent_is_deposed_after_280_ms_and_not_before_200()
    {
        _leader.Stop();
        _cohort.Pass(TimeSpan.FromMilliseconds(200));
        _standby.Deposed.ShouldBeEmpty();
        _cohort.PassUntil(() => _standby.Deposed.Count > 0, TimeSpan.FromMilliseconds(150));
        _cohort.PassUntil(() => _standby.Leads, TimeSpan.FromMilliseconds(50));
        _leader.Continue();
        _cohort.Pass(TimeSpan.FromMilliseconds(10));
        _leader.Leads.ShouldBeFalse();
    }

    /// <summary>A pulse of 50 ms that comes late, again and again, is a busy machine.</summary>
    [Fact]
    public void Leader_that_is_slow_is_left_alone()
    {
        for (var i = 0; i < 20; i++)
        {
            _leader.Stop();
            _cohort.Pass(TimeSpan.FromMilliseconds(150));
            _leader.Continue();
            _cohort.Pass(TimeSpan.FromMilliseconds(60));
        }

        _standby.Deposed.ShouldBeEmpty();
    }

    [Fact]
    public void Standby_that_was_stopped_itself_deposes_nobody_when_it_goes_on()
    {
        for (var i = 0; i < 5; i++)
        {
            _standby.Stop();
            _cohort.Pass(TimeSpan.FromSeconds(2));
            _standby.Continue();
            _cohort.Pass(TimeSpan.FromMilliseconds(300));
        }

        _standby.Deposed.ShouldBeEmpty();
        _leader.Leads.ShouldBeTrue();
    }

    /// <summary>Its steps come late, as the pulses do: a whole host that is too busy.</summary>
    [Fact]
    public void Standby_on_a_busy_host_counts_its_own_steps_and_not_the_clock()
    {
        for (var i = 0; i < 20; i++)
        {
            _standby.Stop();
            _leader.Stop();
            _cohort.Pass(TimeSpan.FromMilliseconds(400));
            _standby.Continue();
            _cohort.Pass(TimeSpan.FromMilliseconds(2));
            _leader.Continue();
            _cohort.Pass(TimeSpan.FromMilliseconds(60));
        }

        _standby.Deposed.ShouldBeEmpty();
    }

    [Fact]
    public void Leader_that_may_acknowledge_nothing_is_silent()
    {
        _cohort.Do(() => _leader.Program.Mailbox.Gate.Open(new Leadership(1, _leader.Clock.Now, _leader.Clock)));
        _cohort.PassUntil(() => _standby.Deposed.Count > 0, TimeSpan.FromMilliseconds(400));
    }

    [Fact]
    public void Standby_without_its_store_deposes_nobody_and_begins_anew_when_it_has_it_again()
    {
        _standby.IsCutOff = true;
        _leader.Stop();
        _cohort.Pass(TimeSpan.FromSeconds(5));
        _standby.IsCutOff = false;
        _leader.Continue();
        _cohort.Pass(TimeSpan.FromSeconds(2));
        (_leader.Leads, _standby.Leads).ShouldBe((true, false));
    }

    [Fact]
    public void Dead_leader_is_deposed_once_the_store_is_there_again()
    {
        _standby.IsCutOff = true;
        _leader.Kill();
        _cohort.Pass(TimeSpan.FromSeconds(3));
        _standby.Leads.ShouldBeFalse();
        _standby.IsCutOff = false;
        _cohort.PassUntil(() => _standby.Leads, TimeSpan.FromSeconds(2));
    }

    /// <summary>It may be cut off from the leader alone.</summary>
    [Fact]
    public void Newcomer_that_has_never_heard_the_leader_leaves_it_alone()
    {
        _standby.Kill();
        _leader.Stop();
        var newcomer = _cohort.Add();
        _cohort.Pass(TimeSpan.FromSeconds(5));
        newcomer.Deposed.ShouldBeEmpty();
    }

    [Fact]
    public void What_it_answers_equals_what_the_leader_does_and_is_as_old_as_it_says()
    {
        Apply(_leader, "b", 2);
        _cohort.Pass(TimeSpan.FromMilliseconds(200));
        var (theirs, its) = (_leader.See(Map), _standby.See(Map));
        its.What.ShouldBe(theirs.What);
        (its.Version, its.IsObserved).ShouldBe((theirs.Version, false));
        its.Age.ShouldBeInRange(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(200));
        (theirs.Age, theirs.IsObserved).ShouldBe((TimeSpan.Zero, true));

        _standby.IsCutOff = true;
        _leader.Stop();
        _cohort.Pass(TimeSpan.FromSeconds(10));
        _standby.See(Map).Age.ShouldBeInRange(its.Age + TimeSpan.FromSeconds(9.8), its.Age + TimeSpan.FromSeconds(10.2));
    }

    /// <summary>Its age counts from the last moment at which it had everything, although pulses go on.</summary>
    [Fact]
    public void Follower_that_is_behind_does_not_call_itself_new()
    {
        _cohort.Do(() => _standby.Holds = true);
        Apply(_leader, "b", 2);
        _cohort.Pass(TimeSpan.FromSeconds(3));
        _standby.See(Map).Age.ShouldBeGreaterThan(TimeSpan.FromSeconds(2.9));
        _cohort.Do(() => _standby.Holds = false);
        _cohort.Pass(TimeSpan.FromSeconds(2));
        _standby.See(Map).Age.ShouldBeLessThan(TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void Nobody_answers_who_cannot_tell_how_old_it_is()
    {
        _leader.Stop();
        var newcomer = _cohort.Add();
        Should.Throw<NotLeadingException>(() => newcomer.See(Map));
    }

    /// <summary>Its store is away: what it has is still true of the moment up to which it was sure to lead.</summary>
    [Fact]
    public void Leader_that_may_acknowledge_nothing_still_says_what_it_knows()
    {
        var until = _leader.Clock.Now;
        _cohort.Do(() => _leader.Program.Mailbox.Gate.Open(new Leadership(1, until, _leader.Clock)));
        _cohort.Pass(TimeSpan.FromMilliseconds(100));
        var seen = _leader.See(Map);
        (seen.IsObserved, seen.Age).ShouldBe((false, TimeSpan.FromMilliseconds(100)));
    }

    private void Apply(Cohort.Member member, string service, int vip)
    {
        var asked = _cohort.Ask(member, new Command.ApplyService(Build.Service(service, Build.Vip(vip))));
        _cohort.PassUntil(() => asked.IsCompleted, TimeSpan.FromMilliseconds(500));
        Cohort.Of(asked).Decision.ShouldBeOfType<Decision.Accepted>();
    }

    private static string Map(Coordinator.Core.Leader leader) => JsonSerializer.Serialize(leader.State, JournalJson.Default.FleetState);

    /// <summary>Without the number of the term and the revision, which the beginning of a term changes.</summary>
    private static string Text(Cohort.Member member) => member.Look(leader => Map(leader).Replace(
        JsonSerializer.Serialize(leader.State.Map.Version), "", StringComparison.Ordinal).Split("\"services\"")[1]);
}
