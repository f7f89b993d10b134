using System.Runtime.CompilerServices;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>A follower folds each entry once and in order, whatever its store does to it meanwhile.</summary>
public sealed class FollowingTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly InMemoryFleetStore.Memory _memory = new();
    private readonly InMemoryFleetStore _leader;
    private readonly Moody _store;
    private readonly List<long> _recorded = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Follower _follower;
    private FleetState _state = FleetState.Empty;
    private Task _following = Task.CompletedTask;
    private long _term;

    public FollowingTests()
    {
        _leader = new InMemoryFleetStore(_memory, TimeProvider.System);
        _store = new Moody(new InMemoryFleetStore(_memory, TimeProvider.System));
        _follower = new Follower(_store, 1000, entry => _recorded.Add(entry.Revision), TimeProvider.System, NullLogger<Follower>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        await _leader.DisposeAsync();
        await _store.DisposeAsync();
        _end.Dispose();
    }

    [Fact]
    public async Task Follower_that_was_overtaken_goes_on_from_the_newest_snapshot()
    {
        await AppendAsync(5);
        Follow();
        await ReachesAsync(5);
        _store.IsAway = true;
        await AppendAsync(1500);
        await _leader.SaveSnapshotAsync(_state, CancellationToken.None);
        await AppendAsync(3);
        _store.IsAway = false;
        await ReachesAsync(1508);
        _recorded.ShouldBe([1, 2, 3, 4, 5, 1506, 1507, 1508], "what a snapshot covers was not seen");
        _store.Loads.ShouldBe(2);
    }

    [Fact]
    public async Task Store_that_is_away_for_a_while_costs_no_entry_no_second_reading_and_no_snapshot()
    {
        await AppendAsync(3);
        Follow();
        await ReachesAsync(3);
        for (var round = 0; round < 3; round++)
        {
            _store.IsAway = true;
            await AppendAsync(4);
            await Task.Delay(100);
            _follower.Newest!.Revision.ShouldBe(3 + (4 * round));
            _store.IsAway = false;
            await ReachesAsync(7 + (4 * round));
        }

        _recorded.ShouldBe(Enumerable.Range(1, 15).Select(r => (long)r));
        _store.Loads.ShouldBe(1);
    }

    private void Follow() => _following = Task.Run(() => _follower.RunAsync(_end.Token));

    private async Task AppendAsync(int count)
    {
        if (_term == 0)
            _term = (await _leader.CampaignAsync(new CoordinatorAddress("c1", null, null), CancellationToken.None)).Term;
        for (var i = 0; i < count; i++)
        {
            var entry = Samples.Entry(_state.Map.Version.Revision + 1, _term) with { Events = [new FleetEvent.TermBegun(_term, "c1")] };
            await _leader.AppendAsync(entry, CancellationToken.None);
            _state = Evolver.Evolve(_state, entry);
        }
    }

    private async Task ReachesAsync(long revision)
    {
        using var bound = new CancellationTokenSource(Patience);
        while (_follower.Newest?.Revision != revision || _recorded.Count == 0 || _recorded[^1] != revision)
        {
            if (_following.IsCompleted)
                await _following;
            await Task.Delay(5, bound.Token);
        }
    }

    /// <summary>While it is away its tail fails as soon as there is something in it.</summary>
    private sealed class Moody(InMemoryFleetStore inner) : PassingStore(inner)
    {
        public volatile bool IsAway;

        public int Loads { get; private set; }

        public override async IAsyncEnumerable<JournalEntry> TailAsync(
            long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
        {
            if (IsAway)
                throw new StoreUnreachableException("Away.");
            await foreach (var entry in base.TailAsync(fromRevision, cancellation))
                yield return IsAway ? throw new StoreUnreachableException("Away.") : entry;
        }

        public override Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation)
        {
            Loads++;
            return base.LoadSnapshotAsync(cancellation);
        }
    }
}
