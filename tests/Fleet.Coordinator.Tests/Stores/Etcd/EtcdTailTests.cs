using System.Text.Json.Nodes;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Demo.Servers;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>A follower loses its watch, and nothing else.</summary>
public sealed class EtcdTailTests : IDisposable
{
    private static readonly CoordinatorAddress Candidate = new("c1", null, null);

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(2));

    private CancellationToken Bound => _bound.Token;

    [EtcdFact]
    public async Task Tail_whose_member_is_killed_or_hangs_goes_on_at_another_with_no_entry_twice_or_left_out()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions(), Bound);
        var raft = await stage.Cluster.RaftLeaderAsync(Bound);
        var members = stage.Cluster.Members.Where(member => member != raft).ToArray();
        var store = stage.Open(stage.Preferring(raft));
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await using var tail = new TailReader(stage.Open(stage.Preferring(members[0])));
        await EtcdStage.AppendAsync(store, term, 1, 3, Bound);
        await tail.HasAsync(3, Bound);
        await tail.WaitsAsync(Bound);
        members[0].Stop();
        await EtcdStage.AppendSurelyAsync(store, term, 4, 3, Bound);
        await tail.HasAsync(6, Bound);
        members[0].Continue();
        await tail.WaitsAsync(Bound);
        await members[1].KillAsync();
        await EtcdStage.AppendSurelyAsync(store, term, 7, 3, Bound);
        await tail.HasAsync(9, Bound);
        tail.Read.ShouldBe(Enumerable.Range(1, 9).Select(revision => (long)revision));
    }

    /// <summary>The reader's wire is cut, so that its watch begins again before the revision up to which etcd has forgotten what happened.</summary>
    [EtcdFact]
    public async Task Tail_that_comes_back_after_a_compaction_goes_on_with_what_is_there()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions { Members = 1 }, Bound);
        var writer = stage.Open(EtcdServers.For(stage.Cluster.Endpoints) with { Prefix = stage.Settings.Prefix });
        var term = (await writer.CampaignAsync(Candidate, Bound)).Term;
        await EtcdStage.AppendAsync(writer, term, 1, 2, Bound);
        await using var tail = stage.Open().TailAsync(1, Bound).GetAsyncEnumerator(Bound);
        await FollowsAsync(tail, 1, 2);
        var next = tail.MoveNextAsync().AsTask();
        await Task.Delay(100, Bound);
        stage.Wires[0].ToTarget.Cut();
        stage.Wires[0].FromTarget.Cut();
        await EtcdStage.AppendAsync(writer, term, 3, 50, Bound);
        await CompactAsync(stage);
        stage.Wires[0].ToTarget.Heal();
        stage.Wires[0].FromTarget.Heal();
        var read = 3;
        try
        {
            (await next).ShouldBeTrue();
            tail.Current.Revision.ShouldBe(read++);
            await FollowsAsync(tail, read, 49);
        }
        catch (StoreUnreachableException)
        {
            // Its reader goes on later, from the same entry.
            await using var again = stage.Open().TailAsync(read, Bound).GetAsyncEnumerator(Bound);
            await FollowsAsync(again, read, 53 - read);
        }
    }

    [EtcdFact]
    public async Task Watch_from_before_a_compaction_says_so_and_a_watch_that_goes_on_is_untouched_by_it()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions { Members = 1 }, Bound);
        var store = stage.Open();
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await using var tail = stage.Open().TailAsync(1, Bound).GetAsyncEnumerator(Bound);
        await EtcdStage.AppendAsync(store, term, 1, 20, Bound);
        await FollowsAsync(tail, 1, 20);
        await CompactAsync(stage);
        await EtcdStage.AppendAsync(store, term, 21, 5, Bound);
        await FollowsAsync(tail, 21, 5);
        var keys = new EtcdKeys(stage.Settings.Prefix);
        using var client = stage.Client();
        await using var watch = await client.WatchAsync(new WatchCreate(keys.Journal(1), keys.JournalEnd, 2, ["NODELETE"]), Bound);
        (await Should.ThrowAsync<EtcdException>(async () =>
        {
            while (true)
                await watch.NextAsync();
        })).Failure.ShouldBe(EtcdFailure.Compacted);
        (await EtcdStage.ReadAsync(store, 1, Bound)).Count.ShouldBe(25);
    }

    public void Dispose() => _bound.Dispose();

    private static async Task FollowsAsync(IAsyncEnumerator<JournalEntry> tail, long from, int count)
    {
        for (var revision = from; revision < from + count; revision++)
        {
            (await tail.MoveNextAsync()).ShouldBeTrue();
            tail.Current.Revision.ShouldBe(revision);
        }
    }

    private async Task CompactAsync(EtcdStage stage)
    {
        var status = await stage.Cluster.Admin.CallAsync(stage.Cluster.Members[0], "/v3/maintenance/status", [], Bound);
        var now = $"{status["header"]!["revision"]}";
        await stage.Cluster.Admin.CallAsync(stage.Cluster.Members[0], "/v3/kv/compaction", new JsonObject { ["revision"] = now }, Bound);
    }
}
