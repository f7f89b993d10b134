using System.Collections.Immutable;
using System.Net;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>
/// A whole coordinator whose leadership is valid for a second, on one scheduler and a clock that stands still: beyond that second nothing leaves it.
/// </summary>
public sealed class LeaderValidityTests : IDisposable
{
    private static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Instantly = TimeSpan.FromMilliseconds(1);

    private readonly OneScheduler _scheduler = new();
    private readonly FakeTime _time = new();
    private readonly CancellationTokenSource _end = new();
    private readonly LimitedStore _store;
    private readonly LeaderProgram _program;
    private readonly Task _running;
    private readonly MemorySocket _node = new();
    private long _seq;

    public LeaderValidityTests()
    {
        _store = new LimitedStore(_time, ValidFor);
        var services = new[] { "a", "b", "c" }.Select((name, i) => new Command.ApplyService(Build.Service(name, Build.Vip(i))));
        var identity = new CoordinatorIdentity(CoordinatorAddress.At("c", IPEndPoint.Parse("10.0.0.1:7400")), 1000, [.. services], []);
        _program = new LeaderProgram(_store, identity, new MonotonicClock(_time), new AtOnce(), Limits.Default.Links, NullLoggerFactory.Instance);
        _running = _scheduler.Do(() => _program.RunAsync(_end.Token));
        _ = _scheduler.Do(() => _program.Links.ServeAsync(_node, new LinkPeer("adc-1", Build.By, _ => _node.Abort(), () => { }), _end.Token));
        Say(new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), new Incarnation(1), MapVersion.None));
        Pass(TimeSpan.FromMilliseconds(100));
        _node.Sent.OfType<LeaderMessage.Full>().ShouldNotBeEmpty();
    }

    public void Dispose()
    {
        _scheduler.Strays.ShouldBe(0);
        _program.Dispose();
        _end.Dispose();
    }

    [Fact]
    public void Heartbeat_is_acknowledged_to_the_last_moment_and_not_beyond()
    {
        Pass(Left - Instantly);
        Beat();
        _node.Sent.OfType<LeaderMessage.Ack>().ShouldHaveSingleItem();
        Pass(Instantly);
        _node.Sent.Clear();
        Beat();
        Pass(TimeSpan.FromSeconds(1));
        _node.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void Renewed_it_goes_on_where_it_stood_still()
    {
        Pass(Left);
        _node.Sent.Clear();
        Beat();
        Beat();
        var steps = _program.Leader.ShouldNotBeNull().Due;
        Pass(TimeSpan.FromMilliseconds(300));
        _program.Leader.Due.ShouldBe(steps, "it takes no step");
        _node.Sent.ShouldBeEmpty();
        Renew();
        _node.Sent.OfType<LeaderMessage.Ack>().Select(ack => ack.Seq).ShouldBe([1, 2]);
        _program.Mailbox.IsLeading.ShouldBeTrue();
    }

    [Fact]
    public void Renewal_that_came_too_late_opens_nothing()
    {
        Pass(Left);
        _node.Sent.Clear();
        Beat();
        _scheduler.Do(() =>
        {
            _store.Leadership.Renew(_store.Leadership.ValidUntil - Instantly);
            return true;
        });
        Pass(Instantly);
        _node.Sent.ShouldBeEmpty();
    }

    /// <summary>It was valid when the step began, and is not when the entry is in the journal.</summary>
    [Fact]
    public async Task What_a_slow_write_outlasts_the_leadership_for_waits_for_its_renewal()
    {
        _store.Slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = Remove("b");
        Pass(Left);
        _node.Sent.Clear();
        Written();
        Pass(TimeSpan.FromMilliseconds(500));
        asked.IsCompleted.ShouldBeFalse();
        _node.Sent.ShouldBeEmpty("the map is not told either");
        _program.Leader.ShouldNotBeNull().State.Map.Services.Count.ShouldBe(2, "it is in the journal");
        Renew();
        (await asked).Decision.ShouldBeOfType<Decision.Accepted>();
        _node.Sent.OfType<LeaderMessage.Change>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Nobody_new_is_answered_while_it_is_not_valid()
    {
        Pass(Left);
        _program.Mailbox.IsLeading.ShouldBeFalse();
        await Should.ThrowAsync<NotLeadingException>(() => Remove("b"));
        await Should.ThrowAsync<NotLeadingException>(() => _scheduler.Do(() => _program.Mailbox.LookAsync(_ => 1, _end.Token)));
    }

    [Fact]
    public async Task Question_that_was_on_its_way_is_answered_when_it_is_valid_again()
    {
        _store.Slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Remove("b");
        var looking = _scheduler.Do(() => _program.Mailbox.LookAsync(leader => leader.State.Map.Services.Count, _end.Token));
        Pass(Left);
        Written();
        looking.IsCompleted.ShouldBeFalse();
        Renew();
        (await looking).ShouldBe(2);
    }

    [Fact]
    public async Task Command_of_which_the_store_says_nothing_is_unknown_when_its_asker_has_waited_long_enough()
    {
        _store.Slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = Remove("b");
        Pass(Left + AcknowledgementGate.WaitMax - Instantly);
        asked.IsCompleted.ShouldBeFalse();
        Pass(Instantly);
        var refused = (await asked.WaitAsync(TimeSpan.FromSeconds(10))).Decision.ShouldBeOfType<Decision.Refused>();
        refused.Kind.ShouldBe(RefusalKind.OutcomeUnknown);
        refused.Reason.ShouldContain("the store has not confirmed for 1.2 s that this coordinator leads");
    }

    [Fact]
    public async Task Command_that_was_not_begun_changes_nothing_once_its_asker_has_been_told_so()
    {
        _store.Slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Remove("b");
        var behind = Remove("c");
        var look = _scheduler.Do(() => _program.Mailbox.LookAsync(_ => 1, _end.Token));
        Pass(Left + AcknowledgementGate.WaitMax);
        (behind.IsCompleted, look.IsCompleted).ShouldBe((true, true));
        Renew();
        Written();
        Pass(TimeSpan.FromMilliseconds(100));
        _program.Leader.ShouldNotBeNull().State.Map.Services.Keys.Select(name => name.Value).ShouldBe(["a", "c"]);
        (await behind).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
        await Should.ThrowAsync<NotLeadingException>(look);
    }

    [Fact]
    public async Task Answer_that_waits_for_a_renewal_too_long_is_unknown_and_a_refusal_changed_nothing()
    {
        _store.Slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = Remove("b");
        var refused = Remove("nobody");
        Pass(Left - Instantly);
        _store.Slow!.SetResult();
        Pass(Instantly + AcknowledgementGate.WaitMax);
        (await done.WaitAsync(TimeSpan.FromSeconds(10))).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.OutcomeUnknown);
        (await refused.WaitAsync(TimeSpan.FromSeconds(10))).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
    }

    [Fact]
    public async Task Answer_that_waits_for_a_renewal_when_the_leadership_ends_is_unknown()
    {
        _store.Slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = Remove("b");
        Pass(Left);
        Written();
        Pass(Instantly);
        _program.Leader.ShouldNotBeNull().State.Map.Services.Count.ShouldBe(2, "it is in the journal");
        EndLeadership();
        (await done.WaitAsync(TimeSpan.FromSeconds(10))).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.OutcomeUnknown);
    }

    [Fact]
    public async Task Leadership_that_ends_ends_the_program_and_what_had_begun_is_unknown()
    {
        _store.Slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = Remove("b");
        var beside = Remove("c");
        Pass(Left);
        _node.Sent.Clear();
        Beat();
        EndLeadership();
        Written();
        Pass(TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<LeadershipEndedException>(_running)).Term.ShouldBe(1);
        (await asked.WaitAsync(TimeSpan.FromSeconds(10))).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.OutcomeUnknown);
        (await beside.WaitAsync(TimeSpan.FromSeconds(10))).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
        _node.Sent.ShouldBeEmpty();
        _program.Mailbox.IsLeading.ShouldBeFalse();
    }

    [Fact]
    public async Task Leadership_that_ends_while_nothing_happens_ends_the_program_at_once()
    {
        EndLeadership();
        await Should.ThrowAsync<LeadershipEndedException>(_running);
    }

    /// <summary>Until it can no longer acknowledge anything.</summary>
    private TimeSpan Left => _store.Leadership.ValidUntil - new MonotonicClock(_time).Now;

    private Task<CommandResult> Remove(string service) =>
        _scheduler.Do(() => _program.Mailbox.AskAsync(new Command.RemoveService(new ServiceName(service)), Build.By, null, _end.Token));

    private void Beat() => Say(new NodeMessage.Heartbeat(
        ++_seq,
        _program.Leader!.State.Map.Version,
        [],
        ImmutableSortedDictionary<VipAddress, int>.Empty,
        ImmutableSortedDictionary<BackendKey, Verdict>.Empty));

    private void Say(NodeMessage message) => Do(() => _node.Say(message));

    private void Renew() => Do(_store.Renew);

    private void EndLeadership() => Do(_store.Leadership.End);

    /// <summary>What waits to be written is, and what comes later at once.</summary>
    private void Written() => Do(() =>
    {
        var slow = _store.Slow;
        _store.Slow = null;
        slow!.SetResult();
    });

    private void Pass(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += Instantly)
            Do(() => _time.Advance(Instantly));
    }

    private void Do(Action what) => _scheduler.Do(() =>
    {
        what();
        return true;
    });

    private sealed class AtOnce : IAside
    {
        public Task<T> RunAsync<T>(string name, Func<T> work) => Task.FromResult(work());
    }
}
