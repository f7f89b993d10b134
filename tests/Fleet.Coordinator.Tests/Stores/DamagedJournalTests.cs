using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Control;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Coordinator.Tests.Stores.Etcd;
using Fleet.Coordinator.Tests.Stores.Postgres;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>A coordinator does not begin on a journal that is not what was written, and says which entry. What docs/RUNBOOK.md says.</summary>
[Collection(EtcdCollection.Name)]
public sealed class DamagedJournalTests(EtcdServers etcd, PostgresServers databases) : IClassFixture<PostgresServers>, IDisposable
{
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(100));

    private CancellationToken Bound => _bound.Token;

    public void Dispose() => _bound.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damaged_entry_of_a_folder(bool isCovered)
    {
        using var folder = new TemporaryFolder();
        FileFleetStore Open() => new(
            folder.Path, FileStoreOptions.Default, new LocalDisk(), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);
        await using (var store = Open())
        {
            var term = await store.CampaignAsync("c1", Bound);
            await EtcdStage.AppendAsync(store, term, 1, 4, Bound);
            if (isCovered)
                await store.SaveSnapshotAsync(Samples.State(4, term), Bound);
            await EtcdStage.AppendAsync(store, term, 5, 1, Bound);
        }

        var bytes = await File.ReadAllBytesAsync(folder.Segment(1), Bound);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(folder.Segment(1), bytes, Bound);
        await using var damaged = Open();
        var said = await CannotBeginAsync(damaged);
        if (isCovered)
            Runbook.Shows("journal-damaged-file-covered", said);
        else
            Runbook.Shows("journal-damaged-file", said);
    }

    [EtcdFact]
    public async Task Entry_in_etcd_that_is_not_an_entry()
    {
        var stage = await InEtcdAsync(keys => new PutRequest(keys.Journal(3), "{ \"revision\": 3, "u8.ToArray()));
        Runbook.Shows("journal-damaged-etcd", stage);
    }

    [EtcdFact]
    public async Task Entry_in_etcd_that_is_another()
    {
        var stage = await InEtcdAsync(keys => new PutRequest(
            keys.Journal(3), System.Text.Encoding.UTF8.GetBytes(Samples.Entry(4, 1).Text())));
        Runbook.Shows("journal-other-etcd", stage);
    }

    [EtcdFact]
    public async Task Entry_in_etcd_that_is_gone() =>
        Runbook.Shows("journal-gap-etcd", await InEtcdAsync(keys => new DeleteRangeRequest(keys.Journal(3))));

    [EtcdFact]
    public async Task Oldest_entry_in_etcd_that_is_gone() =>
        Runbook.Shows("journal-begin-gone", await InEtcdAsync(keys => new DeleteRangeRequest(keys.Journal(1))));

    [EtcdFact]
    public async Task Entry_in_etcd_whose_chunks_are_not_what_was_written() =>
        Runbook.Shows("journal-chunks-etcd", await InEtcdAsync(keys => new PutRequest(keys.Chunk(EtcdKeys.ChunksOf("entry", 5, 1, 1), 0), [1, 2])));

    [PostgresFact]
    public async Task Entry_in_a_database_that_is_not_an_entry() => Runbook.Shows(
        "journal-damaged-postgres", await InDatabaseAsync("update fleet_store.journal set entry = '{' where revision = 3"));

    [PostgresFact]
    public async Task Entry_in_a_database_that_is_gone() =>
        Runbook.Shows("journal-gap-postgres", await InDatabaseAsync("delete from fleet_store.journal where revision = 3"));

    [PostgresFact]
    public async Task Snapshot_in_a_database_that_is_none() => Runbook.Shows(
        "snapshot-damaged-postgres",
        await InDatabaseAsync("insert into fleet_store.snapshot (revision, term, state, complete) values (2, 1, '\\x00', true)"));

    /// <summary>Five entries, the last of them in chunks.</summary>
    private async Task<string> InEtcdAsync(Func<EtcdKeys, TxnOperation> damage)
    {
        var settings = EtcdServers.Patient(etcd.Settings);
        var timing = new LeadershipTiming(TimeSpan.FromSeconds(20));
        await using (var store = EtcdServers.Open(settings, timing))
        {
            var term = await store.CampaignAsync("c1", Bound);
            await EtcdStage.AppendAsync(store, term, 1, 4, Bound);
            await store.AppendAsync(Samples.Large(5, term), Bound);
        }

        using (var client = new EtcdClient(settings, new LocalDisk(), TimeProvider.System, NullLogger.Instance))
            await client.TxnAsync(new TxnRequest([], [damage(new EtcdKeys(settings.Prefix))], []), true, Bound);
        await using var damaged = EtcdServers.Open(settings, timing);
        return await CannotBeginAsync(damaged);
    }

    private async Task<string> InDatabaseAsync(string damage)
    {
        var (direct, _) = await databases.NewStoreAsync();
        await using (var store = PostgresServers.Open(direct, PostgresServers.Patient))
            await EtcdStage.AppendAsync(store, await store.CampaignAsync("c1", Bound), 1, 5, Bound);
        await PostgresServers.RunAsync(direct, damage);
        await using var damaged = PostgresServers.Open(direct, PostgresServers.Patient);
        var said = await CannotBeginAsync(damaged);
        await damaged.DisposeAsync();
        await databases.DropAsync(direct);
        return said;
    }

    /// <summary>What the log of a coordinator ends with.</summary>
    private static async Task<string> CannotBeginAsync(IFleetStore store)
    {
        await using var stage = new LoopStage(1000, store);
        var begun = stage.BeginAsync();
        (await Task.WhenAny(stage.Running, Task.Delay(TimeSpan.FromSeconds(60)))).ShouldBe(stage.Running);
        begun.IsCompleted.ShouldBeFalse("it must not lead");
        return (await Should.ThrowAsync<Exception>(() => stage.Running)).Message;
    }
}
