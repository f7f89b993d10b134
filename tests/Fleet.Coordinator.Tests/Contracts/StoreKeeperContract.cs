using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Testing;
using Fleet.Testing.Contracts;

namespace Fleet.Coordinator.Tests.Contracts;

/// <summary>What every <see cref="IStoreKeeper"/> keeps.</summary>
public abstract class StoreKeeperContract : IAsyncLifetime
{
    private const string Half = "half a copy";

    private readonly List<IAsyncDisposable> _opened = [];
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(100));

    protected CancellationToken Bound => _bound.Token;

    private protected abstract IFleetStore OpenStore();

    private protected abstract IStoreKeeper OpenKeeper();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var one in _opened)
            await one.DisposeAsync();
        _bound.Dispose();
    }

    [ContractFact]
    public async Task History_is_there_as_it_was_written_and_is_led_in_a_higher_term()
    {
        var keeper = Keeper();
        (await keeper.LookAsync(Bound)).ShouldBe(new StoreLook(null, null, 0, 0));
        var (written, entries) = (0L, Entries(3, 12, term: 5));
        await keeper.WriteAsync(History(entries, Samples.State(7, 5), term: 9), Import("1"), count => written = count, Bound);
        written.ShouldBe(10);
        var look = await keeper.LookAsync(Bound);
        (look.Closed, look.Leader, look.Term, look.LastRevision).ShouldBe((null, null, 9, 12));
        var store = Store();
        (await store.LoadSnapshotAsync(Bound)).ShouldNotBeNull().Text().ShouldBe(Samples.State(7, 5).Text());
        (await ReadAsync(store, 1, Bound)).Select(Samples.Text).ShouldBe(entries.Select(Samples.Text));
        var term = await store.CampaignAsync("c1", Bound);
        term.ShouldBe(10, "a term that was given before, with or without an entry, is not given again");
        await Should.ThrowAsync<FencedException>(() => store.AppendAsync(Samples.Entry(13, 9), Bound));
        await store.AppendAsync(Samples.Entry(13, term), Bound);
        (await ReadAsync(Store(), 12, Bound)).Select(e => e.Revision).ShouldBe([12, 13]);
    }

    [ContractFact]
    public async Task Term_that_the_empty_store_has_given_is_not_given_again()
    {
        var before = Store();
        long given = 0;
        for (var i = 0; i < 4; i++)
            given = await before.CampaignAsync("c0", Bound);
        await before.DisposeAsync();
        await Keeper().WriteAsync(History(Entries(1, 3, term: 2), null, term: 2), Import("1"), _ => { }, Bound);
        (await Store().CampaignAsync("c1", Bound)).ShouldBeGreaterThan(given);
    }

    [ContractFact]
    public async Task Nobody_leads_in_a_store_that_is_closed_and_it_says_where_the_fleet_went()
    {
        var leader = Store();
        var term = await leader.CampaignAsync("c1", Bound);
        await leader.AppendAsync(Samples.Entry(1, term), Bound);
        await leader.DisposeAsync();
        var keeper = Keeper();
        await keeper.CloseAsync(Moved("etcd of dc1"), Bound);
        (await keeper.LookAsync(Bound)).Closed.ShouldBe(Moved("etcd of dc1"));
        var refusal = await Should.ThrowAsync<StoreClosedException>(() => Store().CampaignAsync("c2", Bound));
        Runbook.Shows("store-moved", refusal.Message);
        refusal.Message.ShouldContain("etcd of dc1");
        await keeper.CloseAsync(Moved("somewhere else"), Bound);
        (await keeper.LookAsync(Bound)).Closed!.Where.ShouldBe("etcd of dc1", "the first who closed it said where the fleet went");
        (await ReadAsync(Store(), 1, Bound)).Count.ShouldBe(1, "it can still be read");
        await keeper.ReopenAsync(Bound);
        await keeper.ReopenAsync(Bound);
        (await Store().CampaignAsync("c3", Bound)).ShouldBeGreaterThan(term);
    }

    [ContractFact]
    public async Task Store_in_which_somebody_leads_is_neither_closed_nor_written()
    {
        var leader = Store();
        var term = await leader.CampaignAsync("c1", Bound);
        var keeper = Keeper();
        (await keeper.LookAsync(Bound)).Leader.ShouldBe("c1");
        var refusal = await Should.ThrowAsync<StoreRefusedException>(() => keeper.CloseAsync(Moved("etcd"), Bound));
        Runbook.Shows("store-led", refusal.Message);
        await Should.ThrowAsync<StoreRefusedException>(() =>
            keeper.WriteAsync(History(Entries(1, 3, 2), null, 2), Import("1"), _ => { }, Bound));
        (await keeper.LookAsync(Bound)).Closed.ShouldBeNull();
        await leader.AppendAsync(Samples.Entry(1, term), Bound);
        (await ReadAsync(leader, 1, Bound)).Count.ShouldBe(1);
    }

    [ContractFact]
    public async Task Store_that_is_not_empty_is_left_as_it_is()
    {
        var leader = Store();
        await leader.AppendAsync(Samples.Entry(1, await leader.CampaignAsync("c1", Bound)), Bound);
        await leader.DisposeAsync();
        var keeper = Keeper();
        var refusal = await Should.ThrowAsync<StoreRefusedException>(() =>
            keeper.WriteAsync(History(Entries(1, 3, 2), null, 2), Import("1"), _ => { }, Bound));
        Runbook.Shows("store-not-empty", refusal.Message);
        (await ReadAsync(Store(), 1, Bound)).Select(Samples.Text).ShouldBe([Samples.Entry(1, 1).Text()]);
        await Store().CampaignAsync("c2", Bound);
    }

    [ContractFact]
    public async Task Import_that_ends_early_is_nothing_that_anybody_leads_from_and_is_done_again()
    {
        var keeper = Keeper();
        await Should.ThrowAsync<FormatException>(() => keeper.WriteAsync(Breaking(Entries(1, 700, 2)), Import("1"), _ => { }, Bound));
        if ((await keeper.LookAsync(Bound)).Closed is not null)
        {
            var refusal = await Should.ThrowAsync<StoreClosedException>(() => Store().CampaignAsync("c1", Bound));
            Runbook.Shows("store-half", refusal.Message);
        }
        else
        {
            (await ReadAsync(Store(), 1, Bound)).ShouldBeEmpty();
        }

        var again = Entries(3, 5, 3);
        await keeper.WriteAsync(History(again, Samples.State(4, 3), 3), Import("2"), _ => { }, Bound);
        var store = Store();
        (await ReadAsync(store, 1, Bound)).Select(Samples.Text).ShouldBe(again.Select(Samples.Text), "nothing of the first is left");
        (await store.CampaignAsync("c1", Bound)).ShouldBe(4);
    }

    [ContractFact]
    public async Task Of_two_imports_at_once_one_wins_and_leaves_a_whole_history()
    {
        var (first, second) = (Entries(1, 600, 2), Entries(1, 20, 3));
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = new WholeHistory(null, _ => Waiting(first, begun, goOn.Task), 1, first[^1].Version, 2);
        var one = Keeper().WriteAsync(slow, Import("1"), _ => { }, Bound);
        await begun.Task.WaitAsync(Bound);
        var other = OutcomeAsync(Keeper().WriteAsync(History(second, null, 3), Import("2"), _ => { }, Bound));
        await Task.WhenAny(other, Task.Delay(TimeSpan.FromSeconds(1), Bound));
        goOn.SetResult();
        bool[] done = [await OutcomeAsync(one), await other];
        done.Count(isDone => isDone).ShouldBe(1);
        (await ReadAsync(Store(), 1, Bound)).Count.ShouldBe(done[0] ? 600 : 20);
        await Store().CampaignAsync("c1", Bound);
    }

    /// <summary>An entry and a state that are larger than a request to some stores may be.</summary>
    [ContractFact]
    public async Task Entry_of_fifty_thousand_vips_is_written()
    {
        var large = Samples.Large(2, 1);
        JournalEntry[] entries = [Samples.Entry(1, 1), large, Samples.Entry(3, 1)];
        await Keeper().WriteAsync(History(entries, null, 1), Import("1"), _ => { }, Bound);
        (await ReadAsync(Store(), 1, Bound)).Select(Samples.Text).ShouldBe(entries.Select(Samples.Text));
    }

    private static async Task<List<JournalEntry>> ReadAsync(IFleetStore store, long from, CancellationToken cancellation)
    {
        var entries = new List<JournalEntry>();
        await foreach (var entry in store.ReadAsync(from, cancellation))
            entries.Add(entry);
        return entries;
    }

    private IFleetStore Store()
    {
        var store = OpenStore();
        _opened.Add(store);
        return store;
    }

    private IStoreKeeper Keeper()
    {
        var keeper = OpenKeeper();
        _opened.Add(keeper);
        return keeper;
    }

    private static JournalEntry[] Entries(long from, long to, long term) =>
        [.. Enumerable.Range((int)from, (int)(to - from + 1)).Select(revision => Samples.Entry(revision, term))];

    private static WholeHistory History(JournalEntry[] entries, FleetState? snapshot, long term) =>
        new(snapshot, _ => entries.ToAsyncEnumerable(), entries[0].Revision, entries[^1].Version, term);

    private static WholeHistory Breaking(JournalEntry[] entries) =>
        new(null, _ => entries.ToAsyncEnumerable().Select(e => e.Revision < 650 ? e : throw new FormatException()), 1, entries[^1].Version, 2);

    private static async IAsyncEnumerable<JournalEntry> Waiting(JournalEntry[] entries, TaskCompletionSource begun, Task goOn)
    {
        foreach (var entry in entries)
        {
            if (entry.Revision == 300)
            {
                begun.SetResult();
                await goOn;
            }

            yield return entry;
        }
    }

    private static async Task<bool> OutcomeAsync(Task write)
    {
        try
        {
            await write;
            return true;
        }
        catch (Exception e) when (e is StoreRefusedException or StoreClosedException)
        {
            return false;
        }
    }

    private static StoreClosure Import(string id) => new(true, DateTimeOffset.UnixEpoch, "a test", Half, id);

    private static StoreClosure Moved(string where) => new(false, DateTimeOffset.UnixEpoch, "a test", where, "m");
}
