using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>A coordinator that starts where a history is: it reads while it cannot lead yet, and nothing twice.</summary>
public sealed class BeginningTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly InMemoryFleetStore.Memory _memory = new();
    private readonly InMemoryFleetStore _first;
    private readonly GatedStore _store;
    private readonly TaskCompletionSource _mayCampaign = new();
    private readonly CancellationTokenSource _end = new();
    private LeaderProgram? _program;
    private Task _running = Task.CompletedTask;

    public BeginningTests() => (_first, _store) = (new InMemoryFleetStore(_memory, TimeProvider.System), new GatedStore(_memory));

    public async Task InitializeAsync()
    {
        var term = (await _first.CampaignAsync(new CoordinatorAddress("c1", null, null), CancellationToken.None)).Term;
        var entry = new JournalEntry(
            1, term, DateTimeOffset.UnixEpoch, Build.By, [new FleetEvent.ServiceApplied(Build.Service("web", Build.Vips(3)))]);
        await _first.AppendAsync(entry, CancellationToken.None);
        await _first.SaveSnapshotAsync(Evolver.Evolve(FleetState.Empty, entry), CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        _store.Loading.TrySetResult();
        _store.Winning.TrySetResult();
        _mayCampaign.TrySetResult();
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _program?.Dispose();
        await _first.DisposeAsync();
        _end.Dispose();
    }

    [Fact]
    public async Task Until_it_may_campaign_it_reads_the_history_and_afterwards_it_does_not_read_it_again()
    {
        _store.Loading.SetResult();
        _store.Winning.SetResult();
        var program = Start(_store);
        await UntilAsync(() => _store.Loads == 1);
        await _first.DisposeAsync();
        _store.Campaigns.ShouldBe(0, "nobody leads, and it may not yet");
        _mayCampaign.SetResult();
        await UntilAsync(() => program.Mailbox.IsLeading);
        (_store.Campaigns, _store.Loads).ShouldBe((1, 1));
        (await program.Mailbox.LookAsync(leader => leader.State.Map.Vips.Count, CancellationToken.None)).ShouldBe(3);
    }

    [Fact]
    public async Task Whoever_wins_while_the_snapshot_is_being_read_waits_for_it_and_does_not_read_it_again()
    {
        _mayCampaign.SetResult();
        var program = Start(_store);
        await UntilAsync(() => _store.Loads == 1);
        await _first.DisposeAsync();
        // Away from the test's scheduler the loop goes on in here, as far as it can.
        await Task.Run(_store.Winning.SetResult);
        (_memory.Term, _store.Loads).ShouldBe((2, 1));
        _store.Loading.SetResult();
        await UntilAsync(() => program.Mailbox.IsLeading);
        _store.Loads.ShouldBe(1);
    }

    /// <summary>A page of a long history is on its way then: it would be read and folded twice, side by side.</summary>
    [Fact]
    public async Task Whoever_wins_while_more_of_the_history_is_to_come_follows_no_further()
    {
        await using var store = new GatedStore(_memory) { Following = new TaskCompletionSource() };
        store.Loading.SetResult();
        store.Winning.SetResult();
        var program = Start(store);
        await UntilAsync(() => store.IsFollowed);
        await _first.DisposeAsync();
        _mayCampaign.SetResult();
        await UntilAsync(() => program.Mailbox.IsLeading);
        store.WasFollowedAtAppend.ShouldBeFalse();
    }

    [Fact]
    public async Task History_that_cannot_be_followed_ends_the_coordinator_before_it_may_campaign()
    {
        await using var broken = new GatedStore(_memory) { Broken = new InvariantBrokenException("two owners") };
        broken.Loading.SetResult();
        Start(broken);
        (await Should.ThrowAsync<InvariantBrokenException>(() => _running.WaitAsync(Bound))).Message.ShouldContain("two owners");
        broken.Campaigns.ShouldBe(0);
    }

    [Fact]
    public async Task Follower_that_has_caught_up_has_made_what_a_takeover_needs()
    {
        _store.Loading.SetResult();
        var follower = new Follower(_store, 100, _ => { }, TimeProvider.System, NullLogger<Follower>.Instance);
        _running = follower.RunAsync(_end.Token);
        await UntilAsync(() => follower.Newest is { State.IsIndexed: true, Services.Checks: 1 });
        await _first.AppendAsync(
            new JournalEntry(2, 1, DateTimeOffset.UnixEpoch, Build.By, [new FleetEvent.ServiceApplied(Build.Service("other", Build.Vip(9)))]),
            CancellationToken.None);
        await UntilAsync(() => follower.Newest is { Revision: 2, State.IsIndexed: true, Services.Checks: 2 });
    }

    [Fact]
    public async Task Follower_that_waits_for_more_of_the_history_has_made_nothing_yet()
    {
        var time = new FakeTime();
        await using var store = new GatedStore(_memory) { Following = new TaskCompletionSource() };
        store.Loading.SetResult();
        var follower = new Follower(store, 100, _ => { }, time, NullLogger<Follower>.Instance);
        _running = follower.RunAsync(_end.Token);
        await UntilAsync(() => store.IsFollowed);
        time.Advance(TimeSpan.FromMilliseconds(150));
        follower.Newest.ShouldNotBeNull().Services.Checks.ShouldBe(0);
        await time.AdvanceUntilAsync(() => follower.Newest.Services.Checks == 1, TimeSpan.FromMilliseconds(10), Bound);
    }

    /// <summary>Time stands still: there is no quiet moment in which it could be made.</summary>
    [Fact]
    public async Task Follower_of_a_fleet_that_is_never_quiet_has_made_what_a_takeover_needs()
    {
        _store.Loading.SetResult();
        var follower = new Follower(_store, 100, _ => { }, new FakeTime(), NullLogger<Follower>.Instance);
        _running = follower.RunAsync(_end.Token);
        await UntilAsync(() => _store.IsFollowed);
        await _first.AppendAsync(
            new JournalEntry(2, 1, DateTimeOffset.UnixEpoch, Build.By, [new FleetEvent.ServiceApplied(Build.Service("other", Build.Vip(9)))]),
            CancellationToken.None);
        await UntilAsync(() => follower.Newest is { Revision: 2, State.IsIndexed: true, Services.Checks: > 0 });
    }

    private LeaderProgram Start(IFleetStore store)
    {
        _program = new LeaderProgram(
            store,
            new CoordinatorIdentity(new CoordinatorAddress("c2", null, null), 100, [], []),
            MonotonicClock.System,
            new AsideThread(),
            Limits.Default.Links,
            NullLoggerFactory.Instance,
            mayCampaign: _mayCampaign.Task);
        _running = Task.Run(() => _program.RunAsync(_end.Token));
        return _program;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Bound);
        while (!isSo())
            await Task.Delay(2, patience.Token);
    }
}
