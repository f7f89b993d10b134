using System.Net;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Stores;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>Who is sent where, and how often the store hears the question.</summary>
public sealed class LeaderDirectoryTests
{
    private static readonly CoordinatorAddress Own = CoordinatorAddress.At("c1", IPEndPoint.Parse("10.0.0.1:7400"));
    private static readonly CoordinatorAddress Other = CoordinatorAddress.At("c2", IPEndPoint.Parse("10.0.0.2:7400"));

    private readonly FakeTime _time = new();
    private readonly Asked _store = new();
    private readonly LeaderDirectory _directory;

    public LeaderDirectoryTests() => _directory = new LeaderDirectory(_store, Own, new MonotonicClock(_time));

    [Fact]
    public async Task Nobody_is_sent_to_the_coordinator_that_was_asked()
    {
        _store.Leader = new TermHolder(3, Own);
        (await _directory.FindAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Store_is_asked_five_times_a_second_however_many_ask()
    {
        _store.Leader = new TermHolder(3, Other);
        for (var i = 0; i < 1000; i++)
        {
            (await _directory.FindAsync(CancellationToken.None)).ShouldBe(Other);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        _store.Times.ShouldBe(5);
    }

    [Fact]
    public async Task Store_that_is_away_names_nobody_and_is_asked_again()
    {
        _store.Leader = null;
        (await _directory.FindAsync(CancellationToken.None)).ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        _store.Leader = new TermHolder(3, Other);
        (await _directory.FindAsync(CancellationToken.None)).ShouldBe(Other);
    }

    /// <summary>Says who leads, as it is told, and counts how often it was asked; it is away while there is nobody.</summary>
    private sealed class Asked() : PassingStore(new InMemoryFleetStore(new InMemoryFleetStore.Memory(), TimeProvider.System))
    {
        public TermHolder? Leader { get; set; }

        public int Times { get; private set; }

        public override Task<TermHolder?> LeaderAsync(CancellationToken cancellation)
        {
            Times++;
            return Leader is null ? throw new StoreUnreachableException("Away.") : Task.FromResult<TermHolder?>(Leader);
        }
    }
}
