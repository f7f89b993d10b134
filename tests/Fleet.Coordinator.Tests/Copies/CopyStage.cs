using Fleet.Coordinator.Copies;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Projections;
using Fleet.Coordinator.Tests.Stores;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Copies;

/// <summary>A store in memory with a stormy history, and an empty folder.</summary>
internal sealed class CopyStage : IAsyncDisposable
{
    private readonly TemporaryFolder _files = new();
    private readonly TemporaryFolder _folder = new();

    public InMemoryFleetStore.Memory Memory { get; } = new();

    public FleetState State { get; private set; } = FleetState.Empty;

    public List<JournalEntry> Written { get; } = [];

    public string File(string name) => _files.File(name);

    public static async Task<CopyStage> WithHistoryAsync(int entries = 60, int snapshotAt = 40)
    {
        var stage = new CopyStage();
        foreach (var (entry, after) in new RandomHistory(21).Take(entries))
        {
            stage.Memory.Entries.Add(entry);
            stage.Memory.Snapshot = entry.Revision == snapshotAt ? after : stage.Memory.Snapshot;
            (stage.Memory.Term, stage.State) = (entry.Term, after);
            stage.Written.Add(entry);
        }

        return stage;
    }

    public InMemoryFleetStore Source() => new(Memory, TimeProvider.System);

    public FileFleetStore Store() => new(
        _folder.Path, FileStoreOptions.Default, new LocalDisk(), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);

    public FileStoreKeeper Keeper() => new(_folder.Path, FileStoreOptions.Default, new LocalDisk());

    public async Task<CheckedCopy> ExportAsync(
        string name = "copy", bool isFinal = true, long term = 0, long reaches = 0, bool fromSnapshot = false)
    {
        await using var store = Source();
        var source = HistorySource.Of(store, "a test") with { FromSnapshot = fromSnapshot };
        var export = new StoreExport(source, File(name), TimeProvider.System, _ => { });
        return await export.WriteAsync(isFinal, term, reaches, default);
    }

    public async Task<bool> ImportAsync(CheckedCopy copy)
    {
        await using var store = Store();
        await using var keeper = Keeper();
        return await new StoreImport(keeper, store, "a test", TimeProvider.System, _ => { }).WriteAsync(copy, default);
    }

    public static Task<CheckedCopy> CheckAsync(string file) => CopyFile.CheckAsync(file, _ => { }, default);

    /// <summary>What a leader that campaigns in the folder begins with.</summary>
    public async Task<(long Term, FleetState State)> LeadAsync()
    {
        await using var store = Store();
        var term = await store.CampaignAsync("c1", default);
        var fold = new HistoryFold();
        if (await store.LoadSnapshotAsync(default) is { } snapshot)
            fold.Begin(snapshot);
        await foreach (var entry in store.ReadAsync(fold.State.Map.Version.Revision + 1, default))
            fold.Take(entry).ShouldBeNull();
        return (term, fold.State);
    }

    public ValueTask DisposeAsync()
    {
        _files.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
