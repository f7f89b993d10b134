using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>Pages that were asked for before anybody wanted them, or by somebody who wants them no more, are as good as any.</summary>
[Collection(EtcdCollection.Name)]
public sealed class EtcdReadAheadTests(EtcdServers servers) : IDisposable
{
    private const int Snapshot = 10;
    private const int Last = (2 * EtcdEntries.PageSize) + 30;
    private static readonly CoordinatorAddress Candidate = new("first", null, null);

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(60));

    private CancellationToken Bound => _bound.Token;

    public void Dispose() => _bound.Dispose();

    [EtcdFact]
    public async Task What_was_appended_after_its_page_was_asked_for_is_read()
    {
        var settings = servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" };
        await using var writer = EtcdServers.Open(settings);
        var term = await BeginAsync(writer, Snapshot);
        await using var reader = EtcdServers.Open(settings);
        // Whoever loads a snapshot is told of the next pages, here empty ones, while it is parsed.
        (await reader.LoadSnapshotAsync(Bound)).ShouldNotBeNull();
        await EtcdStage.AppendSurelyAsync(writer, term, Snapshot + 1, Last - Snapshot, Bound);
        Revisions(await EtcdStage.ReadAsync(reader, Snapshot + 1, Bound)).ShouldBe(Numbers(Snapshot + 1, Last));
    }

    [EtcdFact]
    public async Task Page_that_was_asked_for_when_it_was_half_full_is_not_the_last()
    {
        var settings = servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" };
        await using var writer = EtcdServers.Open(settings);
        var term = await BeginAsync(writer, Last);
        await using var reader = EtcdServers.Open(settings);
        (await reader.LoadSnapshotAsync(Bound)).ShouldNotBeNull();
        await EtcdStage.AppendSurelyAsync(writer, term, Last + 1, 5, Bound);
        Revisions(await EtcdStage.ReadAsync(reader, Snapshot + 1, Bound)).ShouldBe(Numbers(Snapshot + 1, Last + 5));
    }

    /// <summary>A follower that comes to lead while it reads a long history: from the middle of a page.</summary>
    [EtcdFact]
    public async Task Reader_goes_on_where_another_has_stopped_and_reads_each_entry_once()
    {
        var settings = servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" };
        await using var writer = EtcdServers.Open(settings);
        await BeginAsync(writer, Last);
        await using var reader = EtcdServers.Open(settings);
        (await reader.LoadSnapshotAsync(Bound)).ShouldNotBeNull();
        var followed = new List<JournalEntry>();
        await foreach (var entry in reader.TailAsync(Snapshot + 1, Bound))
        {
            followed.Add(entry);
            if (entry.Revision == EtcdEntries.PageSize + 40)
                break;
        }

        followed.AddRange(await EtcdStage.ReadAsync(reader, followed[^1].Revision + 1, Bound));
        Revisions(followed).ShouldBe(Numbers(Snapshot + 1, Last));
        // And what has been read can be read again.
        Revisions(await EtcdStage.ReadAsync(reader, 1, Bound)).ShouldBe(Numbers(1, Last));
    }

    private async Task<long> BeginAsync(EtcdFleetStore writer, int last)
    {
        var term = (await writer.CampaignAsync(Candidate, Bound)).Term;
        await EtcdStage.AppendSurelyAsync(writer, term, 1, last, Bound);
        await writer.SaveSnapshotAsync(Samples.State(Snapshot, term), Bound);
        return term;
    }

    private static IEnumerable<long> Revisions(IEnumerable<JournalEntry> entries) => entries.Select(entry => entry.Revision);

    private static IEnumerable<long> Numbers(int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => (long)number);
}
