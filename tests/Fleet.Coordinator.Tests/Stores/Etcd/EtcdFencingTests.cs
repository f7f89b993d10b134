using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Demo.Servers;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>What was deposed writes nothing, whether anybody leads after it or not; what was won counts from when it was asked for.</summary>
[Collection(EtcdCollection.Name)]
public sealed class EtcdFencingTests(EtcdServers servers) : IDisposable
{
    private static readonly CoordinatorAddress First = new("c1", null, null);
    private static readonly CoordinatorAddress Second = new("c2", null, null);

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(1));

    private CancellationToken Bound => _bound.Token;

    /// <summary>The term is still the newest then, so that only the key itself tells.</summary>
    [EtcdFact]
    public async Task Deposed_leader_that_nobody_has_followed_yet_writes_nothing_and_does_not_lead_again()
    {
        using var stage = new Parts(servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" });
        var standing = await stage.WinAsync(Bound);
        var journal = stage.Journal(standing);
        await journal.AppendAsync(Samples.Entry(1, standing.Term), Bound);
        await stage.Election.DeposeAsync(standing.Term, Bound);
        await journal.RuleOutLateWriteAsync(2, Bound);
        (await stage.Election.LeaderAsync(Bound)).ShouldBeNull("it may not lead again by itself");
        await Should.ThrowAsync<FencedException>(() => journal.AppendAsync(Samples.Entry(2, standing.Term), Bound));
        (await stage.Chunks.WriteAsync(standing, "entry-2", [[1]], Bound)).ShouldBeFalse();
        (await stage.Snapshots.SaveAsync(standing, Samples.State(1, standing.Term), Bound)).ShouldBeFalse();
        (await stage.Snapshots.LoadAsync(_ => { }, Bound)).ShouldBeNull();
        await stage.Election.ResignAsync(standing, true);
        (await stage.Election.WinAsync(Second, Bound)).MustWait.ShouldBeTrue("it had nothing to give back");
    }

    /// <summary>Its chunks are all written when it is deposed: here because they stand under another prefix, where it leads on.</summary>
    [EtcdFact]
    public async Task Snapshot_of_a_leader_that_is_deposed_after_its_chunks_were_written_does_not_count()
    {
        using var stage = new Parts(servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" });
        var elsewhere = new EtcdKeys($"/{Guid.NewGuid():n}");
        var standing = new EtcdStanding(1, 0, 0, new TermHolder(1, First).ToJson());
        var lead = new[] { stage.Keys, elsewhere }.SelectMany(keys =>
            new[] { new PutRequest(keys.Leader, standing.Holder), new PutRequest(keys.Term, standing.Mark) });
        standing = standing with { CreateRevision = (await stage.Client.TxnAsync(new TxnRequest([], [.. lead], []), true, Bound)).Revision };
        await stage.Journal(standing).AppendAsync(Samples.Entry(1, standing.Term), Bound);
        await stage.Election.DeposeAsync(standing.Term, Bound);
        var chunks = new EtcdChunks(stage.Client, elsewhere);
        (await chunks.WriteAsync(standing, "there", [[1]], Bound)).ShouldBeTrue("there it leads");
        var late = new EtcdSnapshots(stage.Client, stage.Keys, chunks, stage.Entries, new AsideThread());
        (await late.SaveAsync(standing, Samples.State(1, standing.Term), Bound)).ShouldBeFalse();
        (await stage.Snapshots.LoadAsync(_ => { }, Bound)).ShouldBeNull();
    }

    [EtcdFact]
    public async Task Leadership_ends_with_the_write_that_was_fenced_and_not_with_the_next_question()
    {
        var settings = servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" };
        // It asks again when the test is over.
        var timing = new LeadershipTiming(TimeSpan.FromMinutes(5));
        await using var first = EtcdServers.Open(settings, timing);
        await using var standby = EtcdServers.Open(settings);
        var old = await first.CampaignAsync(First, Bound);
        await first.AppendAsync(Samples.Entry(1, old.Term), Bound);
        await standby.DeposeAsync(old.Term, Bound);
        old.IsValid.ShouldBeTrue("it has not asked");
        await Should.ThrowAsync<FencedException>(() => first.AppendAsync(Samples.Entry(2, old.Term), Bound));
        old.Ended.IsCancellationRequested.ShouldBeTrue();
    }

    /// <summary>Each answer is half a second under way; what is valid counts from before that.</summary>
    [EtcdFact]
    public async Task Victory_that_is_heard_of_late_is_not_valid_for_longer()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions { Members = 1 }, Bound);
        var late = TimeSpan.FromMilliseconds(500);
        stage.Wires[0].FromTarget.Delay = late;
        var timing = new LeadershipTiming(TimeSpan.FromSeconds(5));
        var store = stage.Open(stage.Settings with { AttemptTimeout = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(30) }, timing);
        var leadership = await store.CampaignAsync(First, Bound);
        (leadership.ValidUntil - MonotonicClock.System.Now).ShouldBeLessThanOrEqualTo(timing.Counted - late);
        stage.Wires[0].FromTarget.Delay = TimeSpan.Zero;
    }

    /// <summary>It looks, others win and resign, again and again, and then it tries the term that was free when it looked.</summary>
    [EtcdFact]
    public async Task Candidate_that_is_slow_takes_no_term_that_another_has_had()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions { Members = 1 }, Bound);
        stage.Wires[0].ToTarget.Delay = TimeSpan.FromMilliseconds(40);
        var patient = stage.Settings with { AttemptTimeout = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(30) };
        var waiting = stage.Open(patient).CampaignAsync(First, Bound);
        var terms = new List<long>();
        for (var rounds = 0; rounds < 400 && !waiting.IsCompleted; rounds++)
        {
            await using var quick = EtcdServers.Open(patient with { Endpoints = [.. stage.Cluster.Endpoints] });
            if (await Task.WhenAny(quick.CampaignAsync(Second, Bound), waiting) is Task<Leadership> won && won != waiting)
                terms.Add((await won).Term);
        }

        var term = (await waiting).Term;
        terms.ShouldBeUnique();
        terms.ShouldNotContain(term);
        terms.Count.ShouldBeGreaterThan(10);
    }

    public void Dispose() => _bound.Dispose();

    /// <summary>What a store in etcd is made of, without what looks again and again whether it still leads.</summary>
    private sealed class Parts : IDisposable
    {
        public Parts(EtcdSettings settings)
        {
            Client = new EtcdClient(settings, new LocalDisk(), TimeProvider.System, NullLogger.Instance);
            Keys = new EtcdKeys(settings.Prefix);
            Election = new EtcdElection(Client, Keys, settings, TimeProvider.System, NullLogger.Instance);
            Chunks = new EtcdChunks(Client, Keys);
            Entries = new EtcdEntries(Client, Keys, Chunks);
            Snapshots = new EtcdSnapshots(Client, Keys, Chunks, Entries, new AsideThread());
        }

        public EtcdClient Client { get; }

        public EtcdKeys Keys { get; }

        public EtcdElection Election { get; }

        public EtcdChunks Chunks { get; }

        public EtcdEntries Entries { get; }

        public EtcdSnapshots Snapshots { get; }

        public async Task<EtcdStanding> WinAsync(CancellationToken cancellation) => (await Election.WinAsync(First, cancellation)).Standing;

        public EtcdJournal Journal(EtcdStanding standing) => new(Client, Keys, Chunks, standing);

        public void Dispose() => Client.Dispose();
    }
}
