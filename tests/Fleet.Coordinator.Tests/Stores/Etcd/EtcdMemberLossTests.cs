using System.Diagnostics;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Demo.Servers;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>What the store does when members of its etcd are killed or hang.</summary>
public sealed class EtcdMemberLossTests : IDisposable
{
    private static readonly CoordinatorAddress Candidate = new("c1", null, null);

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(2));

    private CancellationToken Bound => _bound.Token;

    /// <summary>
    /// The bound is 1 s on a machine that has nothing else to do (docs/decisions/0015-etcd.md has what was measured); this one may have.
    /// </summary>
    [EtcdTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Raft_leader_that_is_lost_in_the_middle_of_appends_costs_none_of_them(bool isKilled)
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions(), Bound);
        var lost = await stage.Cluster.RaftLeaderAsync(Bound);
        var store = stage.Open(stage.Preferring(lost));
        var leadership = await store.CampaignAsync(Candidate, Bound);
        await EtcdStage.AppendAsync(store, leadership.Term, 1, 20, Bound);
        if (isKilled)
            await lost.KillAsync();
        else
            lost.Stop();
        var watch = Stopwatch.StartNew();
        await AppendThroughAsync(store, leadership.Term, 21);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
        await EtcdStage.AppendAsync(store, leadership.Term, 22, 20, Bound);
        await leadership.BecomeValidAsync(Bound);
        leadership.Ended.IsCancellationRequested.ShouldBeFalse("the same leader goes on");
        (await EtcdStage.ReadAsync(store, 1, Bound)).Select(Samples.Text)
            .ShouldBe(Enumerable.Range(1, 41).Select(revision => Samples.Text(Samples.Entry(revision, leadership.Term))));
        lost.Continue();
    }

    [EtcdFact]
    public async Task Member_that_hangs_and_is_no_raft_leader_leaves_the_leadership_valid()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions(), Bound);
        var raft = await stage.Cluster.RaftLeaderAsync(Bound);
        var member = stage.Cluster.Members.First(member => member != raft);
        var store = stage.Open(stage.Preferring(member), new LeadershipTiming(TimeSpan.FromSeconds(3)));
        var leadership = await store.CampaignAsync(Candidate, Bound);
        await EtcdStage.AppendAsync(store, leadership.Term, 1, 5, Bound);
        member.Stop();
        await EtcdStage.AppendAsync(store, leadership.Term, 6, 5, Bound);
        for (var i = 0; i < 40; i++, await Task.Delay(100, Bound))
            leadership.IsValid.ShouldBeTrue($"{i * 100} ms after the member hung");
        member.Continue();
    }

    [EtcdFact]
    public async Task Without_a_quorum_changes_and_reads_are_refused_in_clear_words_and_afterwards_the_same_leader_goes_on()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions(), Bound);
        var store = stage.Open();
        var leadership = await store.CampaignAsync(Candidate, Bound);
        await EtcdStage.AppendAsync(store, leadership.Term, 1, 3, Bound);
        foreach (var member in stage.Cluster.Members.Skip(1))
            member.Stop();
        var watch = Stopwatch.StartNew();
        var refused = await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(Samples.Entry(4, leadership.Term), Bound));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(6), "2 s where nothing else goes on");
        refused.IsSurelyNotWritten.ShouldBeFalse("a member may have it");
        refused.Message.ShouldContain("append entry 4");
        leadership.IsValid.ShouldBeFalse("nothing may be acknowledged");
        (await Should.ThrowAsync<StoreUnreachableException>(() => EtcdStage.ReadAsync(store, 1, Bound))).Message.ShouldContain("ms");
        (await Should.ThrowAsync<StoreUnreachableException>(() => store.LeaderAsync(Bound))).Message.ShouldContain("who leads");
        foreach (var member in stage.Cluster.Members.Skip(1))
            member.Continue();
        await AppendThroughAsync(store, leadership.Term, 4);
        await leadership.BecomeValidAsync(Bound);
    }

    [EtcdFact]
    public async Task Etcd_of_which_no_member_is_there_has_surely_written_nothing()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions { Members = 1 }, Bound);
        var settings = EtcdServers.For(stage.Cluster.Endpoints);
        var store = stage.Open(settings);
        var leadership = await store.CampaignAsync(Candidate, Bound);
        await stage.Cluster.Members[0].KillAsync();
        // The first finds a connection that breaks, the next one finds none.
        await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(Samples.Entry(1, leadership.Term), Bound));
        var refused = await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(Samples.Entry(1, leadership.Term), Bound));
        refused.IsSurelyNotWritten.ShouldBeTrue();
        refused.Message.ShouldContain($"{settings.Endpoints[0]} cannot be reached");
        stage.Cluster.Members[0].Start();
        await stage.Cluster.BecomeHealthyAsync(Bound);
        await AppendThroughAsync(store, leadership.Term, 1);
    }

    public void Dispose() => _bound.Dispose();

    /// <summary>As the leader does it: what is in doubt is read before it is appended again.</summary>
    private async Task AppendThroughAsync(EtcdFleetStore store, long term, long revision)
    {
        while (true)
        {
            try
            {
                if ((await EtcdStage.ReadAsync(store, revision, Bound)).Count > 0)
                    return;
                await store.AppendAsync(Samples.Entry(revision, term), Bound);
                return;
            }
            catch (StoreUnreachableException)
            {
                await Task.Delay(20, Bound);
            }
        }
    }
}
