using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>Disks that are full or fail, and what the store keeps on them.</summary>
public sealed class FileStoreDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DiskFault _fault = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Failed_append_leaves_the_journal_intact_and_a_later_one_works(bool writeFails, bool cutFailsToo)
    {
        await using var store = Open(FileStoreOptions.Default);
        var term = await store.CampaignAsync("c1", default);
        await store.AppendAsync(Samples.Entry(1, term), default);
        (_fault.WriteFails, _fault.FlushFails, _fault.CutFails) = (writeFails, !writeFails, cutFailsToo);
        var longer = Samples.Entry(2, term) with { By = Principal.System(new string('x', 5000)) };
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refusal = await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(longer, default));
            refusal.Message.ShouldBe("Could not append entry 2: No space left on device");
            var isCutDurably = writeFails && !cutFailsToo;
            refusal.IsSurelyNotWritten.ShouldBe(isCutDurably);
            if (!isCutDurably)
                await Should.ThrowAsync<StoreUnreachableException>(() => ReadAsync(store), "a crash now may leave the entry on disk or not");
            else
                (await ReadAsync(store)).ShouldBe([1]);
        }

        AcknowledgedMark.Read(new LocalDisk(), _folder.File("acknowledged")).ShouldBe(1, "the mark is never ahead of what is on stable storage");
        (_fault.WriteFails, _fault.FlushFails, _fault.CutFails) = (false, false, false);
        (await ReadAsync(store)).ShouldBe([1], "looking for it makes sure that it is not there");
        await store.AppendAsync(Samples.Entry(2, term), default);
        await store.AppendAsync(Samples.Entry(3, term), default);
        await store.DisposeAsync();
        SegmentScan.Scan(File.ReadAllBytes(_folder.Segment(1))).End.ShouldBe(SegmentEnd.Clean, "what was torn has been cut");
        await using var next = Open(FileStoreOptions.Default);
        await next.CampaignAsync("c2", default);
        (await ReadAsync(next)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Segments_roll_at_their_bound_and_at_snapshots_and_are_dropped_when_two_snapshots_cover_them()
    {
        var options = FileStoreOptions.Default with { SegmentBytesMax = 2000, EntriesKept = 5 };
        await using var store = Open(options);
        var term = await store.CampaignAsync("c1", default);
        for (var revision = 1; revision <= 30; revision++)
        {
            await store.AppendAsync(Samples.Entry(revision, term), default);
            if (revision is 10 or 20)
                await store.SaveSnapshotAsync(Samples.State(revision, term), default);
        }

        Directory.GetFiles(_folder.File("journal")).ShouldAllBe(file => new FileInfo(file).Length <= 2000);
        var firsts = Firsts();
        firsts.ShouldContain(21, "a snapshot begins a segment");
        firsts[0].ShouldBe(11, "everything up to the older snapshot is gone");
        (await ReadAsync(store)).ShouldBe(Enumerable.Range(11, 20).Select(r => (long)r));
        await store.SaveSnapshotAsync(Samples.State(30, term), default);
        Firsts()[0].ShouldBe(21);
        Directory.GetFiles(_folder.Path, "snapshot-*").Select(Path.GetFileName).Order().ShouldBe(
            [Path.GetFileName(_folder.Snapshot(20)), Path.GetFileName(_folder.Snapshot(30))]);
    }

    [Fact]
    public async Task Entries_kept_outlive_the_snapshots_that_cover_them()
    {
        await using var store = Open(FileStoreOptions.Default with { EntriesKept = 12 });
        var term = await store.CampaignAsync("c1", default);
        for (var revision = 1; revision <= 30; revision++)
        {
            await store.AppendAsync(Samples.Entry(revision, term), default);
            if (revision % 5 == 0)
                await store.SaveSnapshotAsync(Samples.State(revision, term), default);
        }

        Firsts()[0].ShouldBe(16, "18 is the last that may go, and it shares a segment with 19");
    }

    [Fact]
    public async Task Folder_that_cannot_be_made_is_said_so()
    {
        File.WriteAllText(_folder.File("plain"), "");
        await using var store = Open(FileStoreOptions.Default, _folder.File("plain"));
        (await Should.ThrowAsync<StoreUnreachableException>(() =>
            store.CampaignAsync("c1", default))).Message.ShouldStartWith("Could not take the lock: ");
    }

    private FileFleetStore Open(FileStoreOptions options, string? path = null) => new(
        path ?? _folder.Path, options, new FaultyDisk(_fault), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);

    private List<long> Firsts() =>
        [.. Directory.GetFiles(_folder.File("journal")).Select(file => long.Parse(Path.GetFileNameWithoutExtension(file))).Order()];

    private static async Task<List<long>> ReadAsync(FileFleetStore store)
    {
        var revisions = new List<long>();
        await foreach (var entry in store.ReadAsync(1, default))
            revisions.Add(entry.Revision);
        return revisions;
    }
}
