using System.Diagnostics;
using System.Runtime.CompilerServices;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Fleet.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Control;

public sealed class CoordinatorLoopTests : IAsyncLifetime
{
    private readonly MoodyStore store = new();
    private readonly Mailbox mailbox = new();
    private readonly NodeLinks links;
    private readonly CancellationTokenSource end = new();
    private readonly CoordinatorLoop loop;
    private Task running = Task.CompletedTask;

    public CoordinatorLoopTests()
    {
        links = new NodeLinks(mailbox, Limits.Default.Links, TimeProvider.System, NullLogger<NodeLinks>.Instance);
        var planRoom = new PlanRoom(mailbox, MonotonicClock.System, new AsideThread(), NullLogger<PlanRoom>.Instance);
        loop = new CoordinatorLoop(
            store,
            mailbox,
            new FleetHands(mailbox, links, new Chronicle(), planRoom),
            new CoordinatorIdentity("c", "here", 3, [], []),
            MonotonicClock.System,
            () => "12345678",
            NullLogger<CoordinatorLoop>.Instance);
    }

    public async Task InitializeAsync()
    {
        running = loop.RunAsync(end.Token);
        while (!mailbox.IsLeading)
            await Task.Delay(5);
    }

    public async Task DisposeAsync()
    {
        await end.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        mailbox.IsLeading.ShouldBeFalse();
        links.Dispose();
        end.Dispose();
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
    public async Task Change_that_was_written_though_the_store_did_not_say_so_is_done()
    {
        store.Mood = Mood.WritesAndFails;
        (await ApplyAsync("a", 1)).Decision.ShouldBeOfType<Decision.Accepted>();
        (await ServicesAsync()).ShouldBe(["a"]);
        store.Mood = Mood.Good;
        (await ApplyAsync("b", 2)).Decision.ShouldBeOfType<Decision.Accepted>();
        (await ServicesAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Nobody_is_told_anything_and_nothing_is_appended_until_the_outcome_is_known()
    {
        (store.Mood, store.ReadsFail) = (Mood.WritesAndFails, true);
        var first = ApplyAsync("a", 1);
        await TickAsync(TimeSpan.FromMilliseconds(300));
        store.Mood = Mood.Good;
        var second = ApplyAsync("b", 2);
        await TickAsync(TimeSpan.FromMilliseconds(300));
        (first.IsCompleted, second.IsCompleted, store.Appended).ShouldBe((false, false, 2), "the term and one service");
        (await mailbox.LookAsync(leader => leader.InDoubt?.Revision, CancellationToken.None)).ShouldBe(2);
        store.ReadsFail = false;
        await TickAsync(until: second);
        (await first).Decision.ShouldBeOfType<Decision.Accepted>();
        var (decision, version) = await second;
        decision.ShouldBeOfType<Decision.Accepted>();
        version.Revision.ShouldBe(3);
        (await ServicesAsync()).ShouldBe(["a", "b"]);
        (await mailbox.LookAsync(leader => leader.InDoubt, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Outcome_that_stays_unknown_is_said_to_be_unknown_and_what_came_later_changed_nothing()
    {
        (store.Mood, store.ReadsFail) = (Mood.WritesAndFails, true);
        var first = ApplyAsync("a", 1);
        var second = ApplyAsync("b", 2);
        await TickAsync(until: Task.WhenAll(first, second));
        (await first).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.OutcomeUnknown);
        (await second).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
        (await ApplyAsync("c", 3)).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
        store.Appended.ShouldBe(2);
        (store.Mood, store.ReadsFail) = (Mood.Good, false);
        await TickAsync(TimeSpan.FromMilliseconds(1500));
        (await ServicesAsync()).ShouldBe(["a"], "it was in the journal all the time");
        (await ApplyAsync("d", 4)).Version.Revision.ShouldBe(3);
    }

    [Fact]
    public async Task Write_that_surely_never_happened_is_refused_without_looking()
    {
        (store.Mood, store.ReadsFail) = (Mood.Refuses, true);
        (await ApplyAsync("a", 1)).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
        store.Mood = Mood.Good;
        (await ApplyAsync("b", 2)).Decision.ShouldBeOfType<Decision.Accepted>();
    }

    [Fact]
    public async Task Entry_of_another_coordinator_in_the_place_of_ours_ends_this_one()
    {
        (store.Mood, store.ReadsFail) = (Mood.Fails, true);
        _ = ApplyAsync("a", 1);
        await TickAsync(TimeSpan.FromMilliseconds(100));
        await store.UsurpAsync();
        store.ReadsFail = false;
        for (var i = 0; i < 200 && !running.IsCompleted; i++)
            await TickAsync(TimeSpan.FromMilliseconds(10));
        await EndsAsync<FencedException>();
    }

    [Fact]
    public async Task Snapshot_that_fails_stops_nothing()
    {
        store.SnapshotsFail = true;
        for (var i = 1; i <= 8; i++)
            (await ApplyAsync($"s{i}", i)).Decision.ShouldBeOfType<Decision.Accepted>();
        running.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Coordinator_of_a_term_that_is_over_stops()
    {
        store.Mood = Mood.Fenced;
        _ = ApplyAsync("a", 1);
        await EndsAsync<FencedException>();
    }

    [Fact]
    public async Task Command_that_throws_is_refused_with_an_id_and_the_leader_goes_on_as_it_was()
    {
        (await ApplyAsync("a", 1)).Decision.ShouldBeOfType<Decision.Accepted>();
        var refused = (await mailbox.AskAsync(new Command.ApplyService(null!), "test", null, CancellationToken.None)).Decision.ShouldBeOfType<Decision.Refused>();
        refused.Kind.ShouldBe(RefusalKind.Failed);
        refused.Id.ShouldBe("12345678");
        refused.Reason.ShouldContain("12345678");
        (await ServicesAsync()).ShouldBe(["a"]);
        (await ApplyAsync("b", 2)).Decision.ShouldBeOfType<Decision.Accepted>();
        running.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Words_of_a_node_that_throw_change_nothing_and_the_leader_goes_on()
    {
        mailbox.Post(new LeaderInput.Said(7, new Up.Hello(Wire.Schema, null!, "x", MapVersion.None)));
        mailbox.Post(new LeaderInput.Said(8, new Up.Hello(Wire.Schema, Build.Facts("adc-1"), "x", MapVersion.None)));
        mailbox.Post(new LeaderInput.Said(8, new Up.Heartbeat(1, MapVersion.None, default, null!, null!)));
        (await mailbox.AskAsync(new Command.RemoveService(new ServiceName("b")), "test", null, CancellationToken.None)).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.NotFound);
        (await mailbox.LookAsync(leader => leader.Observed.Of(new NodeName("adc-1")).Missing.IsDefault, CancellationToken.None)).ShouldBeFalse();
        running.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Look_that_throws_is_the_affair_of_whoever_looks()
    {
        await Should.ThrowAsync<OverflowException>(() => mailbox.LookAsync<int>(_ => throw new OverflowException(), CancellationToken.None));
        (await ServicesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Broken_invariant_ends_it()
    {
        _ = mailbox.LookAsync<int>(_ => throw new InvariantBrokenException("two owners"), CancellationToken.None);
        await EndsAsync<InvariantBrokenException>();
    }

    private async Task EndsAsync<T>()
        where T : Exception
    {
        await Should.ThrowAsync<T>(running.WaitAsync(TimeSpan.FromSeconds(10)));
        mailbox.IsLeading.ShouldBeFalse();
    }

    private Task<CommandResult> ApplyAsync(string name, int vip) =>
        mailbox.AskAsync(new Command.ApplyService(Build.Service(name, Build.Vip(vip))), "test", null, CancellationToken.None);

    private async Task TickAsync(TimeSpan span)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < span; await Task.Delay(5))
            mailbox.Post(new LeaderInput.Tick());
    }

    private async Task TickAsync(Task until)
    {
        for (var since = Stopwatch.StartNew(); !until.IsCompleted && since.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(5))
            mailbox.Post(new LeaderInput.Tick());
        until.IsCompleted.ShouldBeTrue();
    }

    private Task<string[]> ServicesAsync() =>
        mailbox.LookAsync(leader => leader.State.Map.Services.Keys.Select(s => s.Value).ToArray(), CancellationToken.None);

    private enum Mood
    {
        Good,

        /// <summary>Writes nothing, and knows it.</summary>
        Refuses,

        /// <summary>Writes nothing.</summary>
        Fails,
        WritesAndFails,
        Fenced,
    }

    private sealed class MoodyStore : IFleetStore
    {
        private readonly InMemoryFleetStore.Memory memory = new();
        private readonly InMemoryFleetStore inner;

        public MoodyStore() => inner = new InMemoryFleetStore(memory, TimeProvider.System);

        public Mood Mood { get; set; }

        public bool SnapshotsFail { get; set; }

        public bool ReadsFail { get; set; }

        public int Appended { get; private set; }

        public Task<long> CampaignAsync(string candidate, CancellationToken cancellation) => inner.CampaignAsync(candidate, cancellation);

        /// <summary>Another coordinator leads and writes the next entry.</summary>
        public async Task UsurpAsync()
        {
            await inner.DisposeAsync();
            await using var other = new InMemoryFleetStore(memory, TimeProvider.System);
            var term = await other.CampaignAsync("other", CancellationToken.None);
            await other.AppendAsync(new JournalEntry(memory.Entries.Count + 1, term, DateTimeOffset.UnixEpoch, "other", [new FleetEvent.TermBegun(term, "other")]), CancellationToken.None);
        }

        public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
        {
            if (Mood == Mood.Fenced)
                throw new FencedException(entry.Term, entry.Term + 1);
            if (Mood is Mood.Good or Mood.WritesAndFails)
            {
                await inner.AppendAsync(entry, cancellation);
                Appended++;
            }

            if (Mood != Mood.Good)
                throw new StoreUnreachableException("in a mood") { IsSurelyNotWritten = Mood == Mood.Refuses };
        }

        public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
        {
            if (ReadsFail)
                throw new StoreUnreachableException("in a mood");
            await foreach (var entry in inner.ReadAsync(fromRevision, cancellation))
                yield return entry;
        }

        public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) =>
            SnapshotsFail ? throw new StoreUnreachableException("in a mood") : inner.SaveSnapshotAsync(state, cancellation);

        public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => inner.LoadSnapshotAsync(cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
