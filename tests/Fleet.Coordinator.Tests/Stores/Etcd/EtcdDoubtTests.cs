using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Demo.Servers;
using Fleet.Shared.Config;
using Fleet.Testing.Wan;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>Transactions whose answers are lost, and transactions that come late.</summary>
public sealed class EtcdDoubtTests : IDisposable
{
    private static readonly CoordinatorAddress Candidate = new("c1", null, null);

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(2));

    private CancellationToken Bound => _bound.Token;

    [EtcdFact]
    public async Task Append_whose_answer_is_lost_is_found_by_way_of_another_member_within_the_call()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions(), Bound);
        var store = stage.Open();
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await EtcdStage.AppendAsync(store, term, 1, 3, Bound);
        stage.Wires[0].FromTarget.Cut();
        await EtcdStage.AppendAsync(store, term, 4, 3, Bound);
        (await EtcdStage.ReadAsync(stage.Open(), 1, Bound)).Select(entry => entry.Revision).ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [EtcdFact]
    public async Task Append_that_never_arrives_is_repeated_by_way_of_another_member_and_is_there_once()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions(), Bound);
        var store = stage.Open();
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await EtcdStage.AppendAsync(store, term, 1, 3, Bound);
        stage.Wires[0].ToTarget.Cut();
        await EtcdStage.AppendAsync(store, term, 4, 3, Bound);
        // What was held back arrives now, and must do nothing.
        stage.Wires[0].ToTarget.Heal();
        await Task.Delay(300, Bound);
        await EtcdStage.AppendAsync(store, term, 7, 1, Bound);
        (await EtcdStage.ReadAsync(stage.Open(), 1, Bound)).Select(entry => entry.Revision).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
    }

    /// <summary>What reading has once called absent must not appear later, whatever lies in the queues of members.</summary>
    [EtcdFact]
    public async Task Transaction_that_hangs_on_its_way_does_nothing_once_reading_has_said_that_it_is_not_there()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions(), Bound);
        var store = stage.Open(stage.Settings with { Lease = TimeSpan.FromSeconds(30) });
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await EtcdStage.AppendAsync(store, term, 1, 1, Bound);
        foreach (var wire in stage.Wires)
            wire.ToTarget.EndDelay = TimeSpan.FromMinutes(2);
        var revision = 2;
        // It hangs at the first member's wire, unless the store has left that member before, as it does on a busy machine: then it gets through.
        for (var round = 0; !await HangsAsync(stage, store, Samples.Entry(revision, term), stage.Wires[round % 3]); round++, revision++)
            round.ShouldBeLessThan(12);
        await Task.Delay(500, Bound);
        (await EtcdStage.ReadAsync(stage.Open(), revision, Bound)).ShouldBeEmpty("it was called absent");
        await EtcdStage.AppendAsync(store, term, revision, 2, Bound);
    }

    /// <summary>What reading says of a doubtful entry holds for good only if nothing that was sent before can be carried out after it.</summary>
    [EtcdFact]
    public async Task Reading_after_an_append_of_unknown_outcome_first_rules_out_whatever_may_come_late()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions { Members = 1 }, Bound);
        var store = stage.Open(stage.Settings with { Lease = TimeSpan.FromSeconds(30) }, new LeadershipTiming(TimeSpan.FromMinutes(5)));
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await EtcdStage.AppendAsync(store, term, 1, 1, Bound);
        // Everything is carried out at once, and nothing is heard of it.
        stage.Wires[0].FromTarget.Cut();
        (await Should.ThrowAsync<StoreUnreachableException>(() => EtcdStage.AppendAsync(store, term, 2, 1, Bound)))
            .IsSurelyNotWritten.ShouldBeFalse();
        stage.Wires[0].FromTarget.Heal();
        // What it tried over new connections arrives now, and may do the same.
        await Task.Delay(500, Bound);
        using var client = stage.Client(EtcdServers.For(stage.Cluster.Endpoints));
        var leader = new RangeRequest(new EtcdKeys(stage.Settings.Prefix).Leader);
        var before = (await client.RangeAsync(leader, Bound)).Only.ShouldNotBeNull();
        (await EtcdStage.ReadAsync(store, 1, Bound)).Select(entry => entry.Revision).ShouldBe([1, 2]);
        var after = (await client.RangeAsync(leader, Bound)).Only.ShouldNotBeNull();
        after.ModRevision.ShouldBeGreaterThan(before.ModRevision, "appends compare when the leader's key was last written");
        (await EtcdStage.ReadAsync(store, 1, Bound)).Count.ShouldBe(2);
        (await client.RangeAsync(leader, Bound)).Only!.ModRevision.ShouldBe(after.ModRevision, "there is no doubt any more");
    }

    /// <summary>
    /// An append that is answered by nobody, after which all wires but one are well again, and that one too once reading has said whether the entry
    /// is there: it is not when it hangs there.
    /// </summary>
    private async Task<bool> HangsAsync(EtcdStage stage, EtcdFleetStore store, JournalEntry entry, TcpProxy last)
    {
        foreach (var wire in stage.Wires)
            wire.ToTarget.Cut();
        (await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(entry, Bound))).IsSurelyNotWritten.ShouldBeFalse();
        await Should.ThrowAsync<StoreUnreachableException>(() => EtcdStage.ReadAsync(store, entry.Revision, Bound));
        foreach (var wire in stage.Wires.Where(wire => wire != last))
            wire.ToTarget.Heal();
        var there = await SettledAsync(store, entry.Revision);
        last.ToTarget.Heal();
        return there == 0;
    }

    [EtcdFact]
    public async Task Late_transaction_of_this_very_leader_costs_one_more_try_and_no_entry()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions { Members = 1 }, Bound);
        var store = stage.Open();
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await EtcdStage.AppendAsync(store, term, 1, 1, Bound);
        // Somebody writes the leader's key anew with what it holds: what a late answer to a doubt does.
        using var client = stage.Client();
        var leader = new EtcdKeys(stage.Settings.Prefix).Leader;
        var held = (await client.RangeAsync(new RangeRequest(leader), Bound)).Only.ShouldNotBeNull();
        await client.TxnAsync(new TxnRequest([], [new PutRequest(leader, held.Value!) { Lease = held.Lease }], []), true, Bound);
        await EtcdStage.AppendAsync(store, term, 2, 2, Bound);
        (await EtcdStage.ReadAsync(store, 1, Bound)).Select(entry => entry.Revision).ShouldBe([1, 2, 3]);
    }

    [EtcdFact]
    public async Task Campaign_whose_answer_is_lost_is_won_all_the_same()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions { Members = 1 }, Bound);
        stage.Wires[0].FromTarget.Delay = TimeSpan.FromMilliseconds(300);
        var slow = stage.Open(stage.Settings with { AttemptTimeout = TimeSpan.FromMilliseconds(250), Lease = TimeSpan.FromSeconds(20) });
        var waiting = slow.CampaignAsync(Candidate, Bound);
        await Task.Delay(1500, Bound);
        stage.Wires[0].FromTarget.Delay = TimeSpan.Zero;
        var leadership = await waiting;
        await EtcdStage.AppendAsync(slow, leadership.Term, 1, 1, Bound);
    }

    public void Dispose() => _bound.Dispose();

    private async Task<int> SettledAsync(EtcdFleetStore store, long revision)
    {
        while (true)
        {
            try
            {
                return (await EtcdStage.ReadAsync(store, revision, Bound)).Count;
            }
            catch (StoreUnreachableException)
            {
                await Task.Delay(20, Bound);
            }
        }
    }
}
