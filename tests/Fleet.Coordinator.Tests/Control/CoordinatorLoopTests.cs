using System.Runtime.CompilerServices;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Tests.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Control;

public sealed class CoordinatorLoopTests : IAsyncLifetime
{
    private readonly MoodyStore store = new();
    private readonly Mailbox mailbox = new();
    private readonly StubLifetime lifetime = new();
    private readonly CoordinatorLoop loop;

    public CoordinatorLoopTests() => loop = new CoordinatorLoop(
        store, mailbox, new NodeLinks(mailbox, NullLogger<NodeLinks>.Instance), new Chronicle(), new PlanRoom(mailbox, MonotonicClock.System, NullLogger<PlanRoom>.Instance), new CoordinatorIdentity("c", "here", 3, [], []), MonotonicClock.System, lifetime,
        NullLogger<CoordinatorLoop>.Instance);

    public async Task InitializeAsync()
    {
        await loop.StartAsync(CancellationToken.None);
        while (!mailbox.IsLeading)
            await Task.Delay(5);
    }

    public async Task DisposeAsync()
    {
        await loop.StopAsync(CancellationToken.None);
        loop.Dispose();
    }

    [Fact]
    public async Task Store_that_does_not_answer_refuses_the_change_and_the_next_one_goes_through()
    {
        store.Mood = Mood.Fails;
        (await ApplyAsync("a", 1)).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
        store.Mood = Mood.Good;
        (await ApplyAsync("b", 2)).Decision.ShouldBeOfType<Decision.Accepted>();
        (await ServicesAsync()).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Change_that_was_written_though_the_store_did_not_say_so_is_found_before_the_next()
    {
        store.Mood = Mood.WritesAndFails;
        (await ApplyAsync("a", 1)).Decision.ShouldBeOfType<Decision.Refused>();
        store.Mood = Mood.Good;
        (await ApplyAsync("b", 2)).Decision.ShouldBeOfType<Decision.Refused>().Reason.ShouldContain("look again");
        (await ServicesAsync()).ShouldBe(["a"]);
        (await ApplyAsync("b", 2)).Decision.ShouldBeOfType<Decision.Accepted>();
        (await ServicesAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Snapshot_that_fails_stops_nothing()
    {
        store.SnapshotsFail = true;
        for (var i = 1; i <= 8; i++)
            (await ApplyAsync($"s{i}", i)).Decision.ShouldBeOfType<Decision.Accepted>();
        lifetime.Stopped.ShouldBeFalse();
    }

    [Fact]
    public async Task Coordinator_of_a_term_that_is_over_stops()
    {
        store.Mood = Mood.Fenced;
        _ = ApplyAsync("a", 1);
        for (var i = 0; i < 200 && !lifetime.Stopped; i++)
            await Task.Delay(10);
        lifetime.Stopped.ShouldBeTrue();
        mailbox.IsLeading.ShouldBeFalse();
        Environment.ExitCode = 0;
    }

    private Task<CommandResult> ApplyAsync(string name, int vip) =>
        mailbox.AskAsync(new Command.ApplyService(Build.Service(name, Build.Vip(vip))), "test", null, CancellationToken.None);

    private Task<string[]> ServicesAsync() =>
        mailbox.LookAsync(leader => leader.State.Map.Services.Keys.Select(s => s.Value).ToArray(), CancellationToken.None);

    private enum Mood
    {
        Good,
        Fails,
        WritesAndFails,
        Fenced,
    }

    private sealed class MoodyStore : IFleetStore
    {
        private readonly InMemoryFleetStore inner = new(new InMemoryFleetStore.Memory());

        public Mood Mood { get; set; }

        public bool SnapshotsFail { get; set; }

        public Task<long> CampaignAsync(string candidate, CancellationToken cancellation) => inner.CampaignAsync(candidate, cancellation);

        public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
        {
            if (Mood == Mood.Fenced)
                throw new FencedException(entry.Term, entry.Term + 1);
            if (Mood is Mood.Good or Mood.WritesAndFails)
                await inner.AppendAsync(entry, cancellation);
            if (Mood != Mood.Good)
                throw new StoreUnreachableException("in a mood");
        }

        public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var entry in inner.ReadAsync(fromRevision, cancellation))
                yield return entry;
        }

        public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) =>
            SnapshotsFail ? throw new StoreUnreachableException("in a mood") : inner.SaveSnapshotAsync(state, cancellation);

        public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => inner.LoadSnapshotAsync(cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class StubLifetime : IHostApplicationLifetime
    {
        public bool Stopped { get; private set; }

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => Stopped = true;
    }
}
