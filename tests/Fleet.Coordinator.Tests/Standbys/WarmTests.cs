using System.Diagnostics;
using System.Net;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>How long a large fleet is without a leader after an election: what a follower has folded it need not read.</summary>
public sealed class WarmTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Nodes = 1000;
    private const int Vips = 20_000;

    /// <summary>50 ms on a machine that does nothing else; the bound is for one that does much else.</summary>
    [Fact]
    public async Task Follower_of_a_large_fleet_leads_soon_after_it_has_won()
    {
        var memory = new InMemoryFleetStore.Memory();
        var first = new InMemoryFleetStore(memory, TimeProvider.System);
        await FoundAsync(first);
        var second = new Timed(new InMemoryFleetStore(memory, TimeProvider.System));
        using var program = new LeaderProgram(
            second,
            new CoordinatorIdentity(new CoordinatorAddress("c2", null, null), 1000, [], []),
            MonotonicClock.System,
            new AsideThread(),
            Limits.Default.Links,
            NullLoggerFactory.Instance);
        await WarmUp.PlayAsync();
        using var end = new CancellationTokenSource();
        var running = Task.Run(() => program.RunAsync(end.Token));
        await Task.Delay(3000);
        second.Reads.ShouldBe(0);
        await first.DisposeAsync();
        while (!program.Mailbox.IsLeading)
            await Task.WhenAny(Task.Delay(1), running).Unwrap();
        var took = Stopwatch.GetElapsedTime(second.WonAt);
        output.WriteLine($"{Nodes} nodes, {Vips} VIPs: {took.TotalMilliseconds:0.0} ms from the campaign's end to the first answer");
        second.Loads.ShouldBe(1, "the snapshot is read once, by the follower");
        took.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (await program.Mailbox.LookAsync(leader => leader.State.Map.Vips.Count, CancellationToken.None)).ShouldBe(Vips);
        await end.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task FoundAsync(InMemoryFleetStore store)
    {
        var leadership = await store.CampaignAsync(new CoordinatorAddress("c1", null, null), CancellationToken.None);
        var at = DateTimeOffset.UnixEpoch;
        List<FleetEvent> events = [new FleetEvent.TermBegun(leadership.Term, "c1")];
        events.AddRange(Enumerable.Range(0, Nodes).Select(i => new FleetEvent.NodeJoined(Build.Facts($"adc-{i}"))));
        events.AddRange(Enumerable.Range(0, 200).Select(s => new FleetEvent.ServiceApplied(
            Build.Service($"s{s}", [.. Enumerable.Range(0, Vips / 200).Select(v => Vip((s * Vips / 200) + v))]))));
        events.Add(new FleetEvent.VipsMoved(
            [.. Enumerable.Range(0, Vips).Select(v => new VipMove(Vip(v), NodeName.Parse($"adc-{v % Nodes}"), MoveReason.Placed))]));
        var entry = new JournalEntry(1, leadership.Term, at, Build.By, [.. events]);
        await store.AppendAsync(entry, CancellationToken.None);
        await store.SaveSnapshotAsync(Evolver.Evolve(FleetState.Empty, entry), CancellationToken.None);
        for (var i = 2; i < 100; i++)
            await store.AppendAsync(
                new JournalEntry(i, leadership.Term, at, Build.By, [new FleetEvent.VipsServing([Vip(i)])]), CancellationToken.None);
    }

    private static VipAddress Vip(int number) => new(new IPAddress([10, 200, (byte)(number >> 8), (byte)number]));

    private sealed class Timed(IFleetStore inner) : IFleetStore
    {
        public long WonAt { get; private set; }

        public int Reads { get; private set; }

        public int Loads { get; private set; }

        public async Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation)
        {
            var leadership = await inner.CampaignAsync(candidate, cancellation);
            WonAt = Stopwatch.GetTimestamp();
            return leadership;
        }

        public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => inner.LeaderAsync(cancellation);

        public Task DeposeAsync(long term, CancellationToken cancellation) => inner.DeposeAsync(term, cancellation);

        public Task AppendAsync(JournalEntry entry, CancellationToken cancellation) => inner.AppendAsync(entry, cancellation);

        public IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, CancellationToken cancellation)
        {
            Reads++;
            fromRevision.ShouldBe(100, "only what is newer than what was folded");
            return inner.ReadAsync(fromRevision, cancellation);
        }

        public IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, CancellationToken cancellation) =>
            inner.TailAsync(fromRevision, cancellation);

        public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) => inner.SaveSnapshotAsync(state, cancellation);

        public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation)
        {
            Loads++;
            return inner.LoadSnapshotAsync(cancellation);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
