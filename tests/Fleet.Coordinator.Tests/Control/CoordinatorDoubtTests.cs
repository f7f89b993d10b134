using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>What the loop does while it does not know, and after something threw: seen in what nodes say, as <see cref="CoordinatorLoopTests"/> sees it in commands.</summary>
public sealed class CoordinatorDoubtTests : IAsyncDisposable
{
    private static readonly NodeName One = new("adc-1");
    private readonly StallingStore store = new();
    private readonly Mailbox mailbox = new();
    private readonly NodeLinks links;
    private readonly CancellationTokenSource end = new();
    private readonly CoordinatorLoop loop;
    private Task running = Task.CompletedTask;

    public CoordinatorDoubtTests()
    {
        links = new NodeLinks(mailbox, Limits.Default.Links, TimeProvider.System, NullLogger<NodeLinks>.Instance);
        var planRoom = new PlanRoom(mailbox, MonotonicClock.System, new AsideThread(), NullLogger<PlanRoom>.Instance);
        loop = new CoordinatorLoop(
            store,
            mailbox,
            new FleetHands(mailbox, links, new Chronicle(), planRoom),
            new CoordinatorIdentity("c", "here", 1000, [], []),
            MonotonicClock.System,
            () => "12345678",
            NullLogger<CoordinatorLoop>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        links.Dispose();
        end.Dispose();
    }

    [Fact]
    public async Task Entry_that_was_never_written_is_in_doubt_no_longer()
    {
        await BeginAsync();
        store.Fails = true;
        (await mailbox.AskAsync(new Command.ApplyService(Build.Service("a", Build.Vip(1))), "test", null, CancellationToken.None)).Decision.ShouldBeOfType<Decision.Refused>();
        (await mailbox.LookAsync(leader => leader.InDoubt, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_appended_while_it_is_not_known_what_it_would_follow()
    {
        await BeginAsync();
        (store.Fails, store.ReadsFail) = (true, true);
        _ = mailbox.AskAsync(new Command.ApplyService(Build.Service("a", Build.Vip(1))), "test", null, CancellationToken.None);
        await UntilAsync(leader => leader.InDoubt is not null);
        store.Fails = false;
        mailbox.Post(Hello("adc-1"));
        await UntilAsync(leader => leader.Observed.Of(One).Connection is not null);
        await TickAsync(TimeSpan.FromMilliseconds(200));
        store.Entries.Count.ShouldBe(1, "the beginning of the term");
        store.ReadsFail = false;
        await UntilAsync(leader => leader.State.Map.Nodes.ContainsKey(One));
    }

    [Fact]
    public async Task Words_of_a_node_that_throw_half_way_leave_nothing_behind()
    {
        await BeginAsync();
        mailbox.Post(Hello("adc-1"));
        mailbox.Post(new LeaderInput.Said(1, new Up.Heartbeat(1, MapVersion.None, default, ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty)));
        await UntilAsync(leader => leader.Observed.Of(One).Connection is not null);
        await TickAsync(TimeSpan.FromMilliseconds(50));
        (await mailbox.LookAsync(leader => leader.Observed.Of(One).Missing.IsDefault, CancellationToken.None)).ShouldBeFalse();
        running.IsCompleted.ShouldBeFalse();
    }

    /// <summary>The journal holds what no rule makes: VIP 1 is handed over by adc-1 to adc-2 while adc-1 may hold it from before. What two nodes say would move it.</summary>
    [Fact]
    public async Task Leader_that_finds_itself_about_to_make_two_owners_ends()
    {
        var web = Build.Service("web", Build.Vip(1));
        store.Entries.Add(new JournalEntry(1, 1, DateTimeOffset.UnixEpoch, "test", [
            new FleetEvent.NodeJoined(Build.Facts("adc-1")), new FleetEvent.NodeJoined(Build.Facts("adc-2")), new FleetEvent.ServiceApplied(web), Move("adc-1")]));
        store.Entries.Add(new JournalEntry(2, 1, DateTimeOffset.UnixEpoch, "test", [
            new FleetEvent.ServiceRemoved(web.Name), new FleetEvent.ServiceApplied(web), Move("adc-1"), new FleetEvent.HandoversBegun([new VipMove(Build.Vip(1), new NodeName("adc-2"), MoveReason.Balance)]),
            new FleetEvent.VipsReleasing([Build.Vip(1)])]));
        await BeginAsync();
        mailbox.Post(Hello("adc-2"));
        mailbox.Post(Hello("adc-1"));
        mailbox.Post(new LeaderInput.Said(1, new Up.Heartbeat(1, new MapVersion(1, 9), [], ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty)));
        for (var since = Stopwatch.StartNew(); !running.IsCompleted && since.Elapsed < TimeSpan.FromSeconds(10); await Task.Delay(5))
            mailbox.Post(new LeaderInput.Tick());
        running.IsFaulted.ShouldBeTrue();
        running.Exception.ShouldNotBeNull().InnerException.ShouldBeOfType<InvariantBrokenException>();
    }

    private static FleetEvent.VipsMoved Move(string to) => new([new VipMove(Build.Vip(1), new NodeName(to), MoveReason.Placed)]);

    private static LeaderInput.Said Hello(string node) =>
        new(long.Parse(node[^1..], System.Globalization.CultureInfo.InvariantCulture), new Up.Hello(Wire.Schema, Build.Facts(node), "first", MapVersion.None));

    private async Task BeginAsync()
    {
        running = loop.RunAsync(end.Token);
        while (!mailbox.IsLeading)
            await Task.Delay(5);
    }

    private async Task TickAsync(TimeSpan span)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < span; await Task.Delay(5))
            mailbox.Post(new LeaderInput.Tick());
    }

    private async Task UntilAsync(Func<Leader, bool> isSo)
    {
        for (var since = Stopwatch.StartNew(); !await mailbox.LookAsync(isSo, CancellationToken.None); await TickAsync(TimeSpan.FromMilliseconds(10)))
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    /// <summary>Where writes fail it does not say whether they came to pass; they do not.</summary>
    private sealed class StallingStore : IFleetStore
    {
        private readonly InMemoryFleetStore.Memory memory = new();
        private readonly InMemoryFleetStore inner;

        public StallingStore() => inner = new InMemoryFleetStore(memory, TimeProvider.System);

        public List<JournalEntry> Entries => memory.Entries;

        public bool Fails { get; set; }

        public bool ReadsFail { get; set; }

        public Task<long> CampaignAsync(string candidate, CancellationToken cancellation) => inner.CampaignAsync(candidate, cancellation);

        public Task AppendAsync(JournalEntry entry, CancellationToken cancellation) => Fails ? throw new StoreUnreachableException("it fails") : inner.AppendAsync(entry, cancellation);

        public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
        {
            if (ReadsFail)
                throw new StoreUnreachableException("it fails");
            await foreach (var entry in inner.ReadAsync(fromRevision, cancellation))
                yield return entry;
        }

        public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) => inner.SaveSnapshotAsync(state, cancellation);

        public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => inner.LoadSnapshotAsync(cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
