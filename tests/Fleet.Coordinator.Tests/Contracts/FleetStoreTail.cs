using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Testing.Contracts;

namespace Fleet.Coordinator.Tests.Contracts;

/// <summary>What a coordinator that follows sees of the journal.</summary>
public abstract partial class FleetStoreContract
{
    [ContractFact]
    public async Task Tail_gives_what_is_there_and_then_what_comes_to_anybody()
    {
        var leader = Open();
        var term = await leader.CampaignAsync("c1", Bound);
        var entries = await AppendAsync(leader, term, 1, 3);
        await using var own = Tail(leader, 1);
        await using var other = Tail(Open(), 1);
        await using var late = Tail(Open(), 3);
        await GivesAsync(own, entries);
        await GivesAsync(other, entries);
        await GivesAsync(late, entries[2..]);
        var next = other.MoveNextAsync().AsTask();
        await Task.Delay(150, Bound);
        next.IsCompleted.ShouldBeFalse("nothing has come");
        entries = await AppendAsync(leader, term, 4, 2);
        (await next.WaitAsync(TimeSpan.FromSeconds(20), Bound)).ShouldBeTrue();
        Samples.Text(other.Current).ShouldBe(Samples.Text(entries[0]));
        await GivesAsync(other, entries[1..]);
        await GivesAsync(own, entries);
        await GivesAsync(late, entries);
    }

    [ContractFact]
    public async Task Tail_of_a_store_in_which_nothing_is_yet_waits_for_the_first_entry()
    {
        var reader = Open();
        await using var tail = Tail(reader, 0);
        var first = tail.MoveNextAsync().AsTask();
        await Task.Delay(50, Bound);
        var leader = Open();
        await AppendAsync(leader, await leader.CampaignAsync("c1", Bound), 1, 1);
        (await first.WaitAsync(TimeSpan.FromSeconds(20), Bound)).ShouldBeTrue();
        tail.Current.Revision.ShouldBe(1);
    }

    [ContractFact]
    public async Task Tail_goes_on_across_leaders()
    {
        var first = Open();
        await using var tail = Tail(Open(), 1);
        await GivesAsync(tail, await AppendAsync(first, await first.CampaignAsync("c1", Bound), 1, 2));
        await first.DisposeAsync();
        var second = Open();
        await GivesAsync(tail, await AppendAsync(second, await second.CampaignAsync("c2", Bound), 3, 2));
    }

    [ContractFact]
    public async Task Tail_ends_when_it_is_called_off()
    {
        using var off = new CancellationTokenSource();
        await using var tail = Open().TailAsync(1, off.Token).GetAsyncEnumerator(Bound);
        var next = tail.MoveNextAsync().AsTask();
        await off.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(next.WaitAsync(TimeSpan.FromSeconds(20), Bound));
    }

    [ContractFact]
    public async Task Tail_that_was_overtaken_says_so_and_the_newest_snapshot_leads_on()
    {
        var leader = Open();
        var term = await leader.CampaignAsync("c1", Bound);
        var reader = Open();
        await using var slow = Tail(reader, 1);
        await AppendAsync(leader, term, 1, 100);
        (await slow.MoveNextAsync()).ShouldBeTrue();
        for (var revision = 101; revision <= 1500; revision += 100)
        {
            await AppendAsync(leader, term, revision, 100);
            await leader.SaveSnapshotAsync(Samples.State(revision + 99, term), Bound);
        }

        var (last, overtaken) = await ToItsEndAsync(slow);
        overtaken.Next.ShouldBe(last + 1, "nothing was left out before");
        overtaken.Oldest.ShouldBeGreaterThan(overtaken.Next);
        (await Should.ThrowAsync<OvertakenException>(() => Tail(reader, 1).MoveNextAsync().AsTask())).Next.ShouldBe(1);
        var snapshot = (await reader.LoadSnapshotAsync(Bound)).ShouldNotBeNull().Map.Version.Revision;
        await using var again = Tail(reader, snapshot + 1);
        await GivesAsync(again, await AppendAsync(leader, term, snapshot + 1, 1));
    }

    private static async Task<(long Last, OvertakenException Overtaken)> ToItsEndAsync(IAsyncEnumerator<JournalEntry> tail)
    {
        for (var last = tail.Current.Revision; ; last++)
        {
            try
            {
                (await tail.MoveNextAsync()).ShouldBeTrue();
                tail.Current.Revision.ShouldBe(last + 1);
            }
            catch (OvertakenException e)
            {
                return (last, e);
            }
        }
    }

    private IAsyncEnumerator<JournalEntry> Tail(IFleetStore store, long from) => store.TailAsync(from, Bound).GetAsyncEnumerator(Bound);

    private async Task GivesAsync(IAsyncEnumerator<JournalEntry> tail, IEnumerable<JournalEntry> expected)
    {
        foreach (var entry in expected)
        {
            (await tail.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Bound)).ShouldBeTrue();
            Samples.Text(tail.Current).ShouldBe(Samples.Text(entry));
        }
    }
}
