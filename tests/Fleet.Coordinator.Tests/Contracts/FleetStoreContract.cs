using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Fleet.Testing.Contracts;

namespace Fleet.Coordinator.Tests.Contracts;

/// <summary>What every <see cref="IFleetStore"/> keeps. A suite for one store derives from this and says how to open it.</summary>
public abstract partial class FleetStoreContract : IAsyncLifetime
{
    private readonly List<IFleetStore> _opened = [];
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(60));

    protected CancellationToken Bound => _bound.Token;

    /// <summary>One more coordinator's view of the same, at first empty, store. The suite disposes it.</summary>
    private protected abstract IFleetStore OpenStore();

    /// <summary>Takes the leadership from a store that lives on and does not notice: what a lost session, or a deleted lock, does.</summary>
    private protected abstract Task DeposeAsync(IFleetStore leader);

    /// <summary>Others can take the leadership from a process that lives.</summary>
    protected virtual bool CanBeDeposed => true;

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var store in _opened)
            await store.DisposeAsync();
        _bound.Dispose();
    }

    [ContractFact]
    public async Task New_store_is_empty()
    {
        var store = Open();
        (await store.LoadSnapshotAsync(Bound)).ShouldBeNull();
        (await ReadAsync(store, 1)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Every_campaign_gives_a_higher_term()
    {
        var first = Open();
        var term = await first.CampaignAsync("c1", Bound);
        term.ShouldBeGreaterThan(0);
        var again = await first.CampaignAsync("c1", Bound);
        again.ShouldBeGreaterThan(term);
        await first.DisposeAsync();
        (await Open().CampaignAsync("c2", Bound)).ShouldBeGreaterThan(again);
    }

    [ContractFact]
    public async Task Term_of_an_earlier_campaign_of_the_same_store_is_fenced()
    {
        var store = Open();
        var old = await store.CampaignAsync("c1", Bound);
        var current = await store.CampaignAsync("c1", Bound);
        (await Should.ThrowAsync<FencedException>(() => store.AppendAsync(Samples.Entry(1, old), Bound))).Current.ShouldBe(current);
        await store.AppendAsync(Samples.Entry(1, current), Bound);
    }

    [ContractFact]
    public async Task Second_candidate_waits_until_the_first_is_gone()
    {
        var first = Open();
        var term = await first.CampaignAsync("c1", Bound);
        var second = Open().CampaignAsync("c2", Bound);
        await Task.Delay(200, Bound);
        second.IsCompleted.ShouldBeFalse();
        await first.AppendAsync(Samples.Entry(1, term), Bound);
        await first.DisposeAsync();
        (await second.WaitAsync(TimeSpan.FromSeconds(20), Bound)).ShouldBeGreaterThan(term);
    }

    [ContractFact]
    public async Task Candidate_that_waits_can_be_called_off_and_leaves_the_leader_alone()
    {
        var first = Open();
        var term = await first.CampaignAsync("c1", Bound);
        using var off = new CancellationTokenSource();
        var second = Open().CampaignAsync("c2", off.Token);
        await off.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(second);
        await first.AppendAsync(Samples.Entry(1, term), Bound);
    }

    [ContractFact]
    public async Task Candidate_that_is_disposed_of_while_it_waits_never_leads()
    {
        var first = Open();
        await first.CampaignAsync("c1", Bound);
        var second = Open();
        var waiting = second.CampaignAsync("c2", Bound);
        await second.DisposeAsync();
        await first.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(waiting);
        await Open().CampaignAsync("c3", Bound).WaitAsync(TimeSpan.FromSeconds(20), Bound);
    }

    [ContractFact]
    public async Task Entries_are_read_back_as_they_were_from_any_revision_by_anybody()
    {
        var store = Open();
        var entries = await AppendAsync(store, await store.CampaignAsync("c1", Bound), 1, 5);
        var reader = Open();
        for (var from = 0; from <= 6; from++)
        {
            var expected = entries.Where(e => e.Revision >= from).Select(Samples.Text).ToArray();
            (await ReadAsync(store, from)).Select(Samples.Text).ShouldBe(expected);
            (await ReadAsync(reader, from)).Select(Samples.Text).ShouldBe(expected);
        }
    }

    [ContractFact]
    public async Task Next_leader_goes_on_where_the_last_one_ended()
    {
        var first = Open();
        var entries = await AppendAsync(first, await first.CampaignAsync("c1", Bound), 1, 3);
        await first.DisposeAsync();
        var second = Open();
        entries.AddRange(await AppendAsync(second, await second.CampaignAsync("c2", Bound), 4, 2));
        (await ReadAsync(second, 1)).Select(Samples.Text).ShouldBe(entries.Select(Samples.Text));
    }

    [ContractFact]
    public async Task Append_without_leadership_is_fenced()
    {
        await Should.ThrowAsync<FencedException>(() => Open().AppendAsync(Samples.Entry(1, 0), Bound));
        var leader = Open();
        var term = await leader.CampaignAsync("c1", Bound);
        await Should.ThrowAsync<FencedException>(() => Open().AppendAsync(Samples.Entry(1, term), Bound));
        (await ReadAsync(leader, 1)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Deposed_leader_can_neither_append_nor_snapshot()
    {
        var first = Open();
        var old = await first.CampaignAsync("c1", Bound);
        await first.AppendAsync(Samples.Entry(1, old), Bound);
        await DeposeAsync(first);
        var second = Open();
        var current = await second.CampaignAsync("c2", Bound);
        current.ShouldBeGreaterThan(old);
        for (var attempt = 0; attempt < 2; attempt++)
            (await Should.ThrowAsync<FencedException>(() => first.AppendAsync(Samples.Entry(2, old), Bound))).Current.ShouldBe(current);
        await Should.ThrowAsync<FencedException>(() => first.SaveSnapshotAsync(Samples.State(1, old), Bound));
        await second.AppendAsync(Samples.Entry(2, current), Bound);
        (await ReadAsync(second, 1)).Select(e => e.Term).ShouldBe([old, current]);
    }

    [ContractTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Entry_that_is_not_the_next_is_refused_and_changes_nothing(long revision)
    {
        var store = Open();
        var term = await store.CampaignAsync("c1", Bound);
        await AppendAsync(store, term, 1, 2);
        await Should.ThrowAsync<ArgumentException>(() => store.AppendAsync(Samples.Entry(revision, term), Bound));
        await store.AppendAsync(Samples.Entry(3, term), Bound);
        (await ReadAsync(store, 1)).Select(e => e.Revision).ShouldBe([1, 2, 3]);
    }

    [ContractFact]
    public async Task Newest_snapshot_is_the_one_that_is_loaded()
    {
        var store = Open();
        var term = await store.CampaignAsync("c1", Bound);
        await AppendAsync(store, term, 1, 2);
        await store.SaveSnapshotAsync(Samples.State(2, term), Bound);
        await AppendAsync(store, term, 3, 2);
        await store.SaveSnapshotAsync(Samples.State(4, term), Bound);
        await AppendAsync(store, term, 5, 1);
        (await store.LoadSnapshotAsync(Bound)).ShouldNotBeNull().Text().ShouldBe(Samples.State(4, term).Text());
        await store.DisposeAsync();
        var next = Open();
        await next.CampaignAsync("c2", Bound);
        (await next.LoadSnapshotAsync(Bound)).ShouldNotBeNull().Text().ShouldBe(Samples.State(4, term).Text());
        (await ReadAsync(next, 5)).Select(e => e.Revision).ShouldBe([5]);
    }

    [ContractFact]
    public async Task Snapshot_of_what_was_not_appended_is_refused()
    {
        var store = Open();
        var term = await store.CampaignAsync("c1", Bound);
        await store.AppendAsync(Samples.Entry(1, term), Bound);
        await Should.ThrowAsync<ArgumentException>(() => store.SaveSnapshotAsync(Samples.State(2, term), Bound));
        (await store.LoadSnapshotAsync(Bound)).ShouldBeNull();
    }

    [ContractFact]
    public async Task Newest_thousand_entries_stay_readable_whatever_snapshots_cover()
    {
        var store = Open();
        var term = await store.CampaignAsync("c1", Bound);
        for (var revision = 1; revision <= 1200; revision += 100)
        {
            await AppendAsync(store, term, revision, 100);
            await store.SaveSnapshotAsync(Samples.State(revision + 99, term), Bound);
        }

        (await ReadAsync(store, 201)).Select(e => e.Revision).ShouldBe(Enumerable.Range(201, 1000).Select(r => (long)r));
        var all = await ReadAsync(store, 1);
        all.Select(e => e.Revision)
            .ShouldBe(Enumerable.Range((int)all[0].Revision, all.Count).Select(r => (long)r), "what is left begins at the oldest and has no gap");
    }

    private protected IFleetStore Open()
    {
        var store = OpenStore();
        _opened.Add(store);
        return store;
    }

    private protected async Task<List<JournalEntry>> AppendAsync(IFleetStore store, long term, long from, int count)
    {
        var entries = Enumerable.Range(0, count).Select(i => Samples.Entry(from + i, term)).ToList();
        foreach (var entry in entries)
            await store.AppendAsync(entry, Bound);
        return entries;
    }

    private protected async Task<List<JournalEntry>> ReadAsync(IFleetStore store, long from)
    {
        var entries = new List<JournalEntry>();
        await foreach (var entry in store.ReadAsync(from, Bound))
            entries.Add(entry);
        return entries;
    }
}
