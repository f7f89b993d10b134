using System.Text;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>What is left of writes that failed, and of snapshots that were damaged, while nobody looks at it in between.</summary>
public sealed class FileStoreTornTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private bool isFull;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Next_entry_stands_behind_nothing_that_a_failed_write_has_left()
    {
        await using var store = Open(FileStoreOptions.Default);
        var term = await store.CampaignAsync("c1", default);
        await store.AppendAsync(Samples.Entry(1, term), default);
        isFull = true;
        await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(Samples.Entry(2, term) with { Actor = new string('x', 5000) }, default));
        isFull = false;
        await store.AppendAsync(Samples.Entry(2, term), default);
        await store.DisposeAsync();
        SegmentScan.Of(File.ReadAllBytes(folder.Segment(1))).End.ShouldBe(SegmentEnd.Clean);
    }

    [Fact]
    public async Task Damaged_snapshot_costs_nothing_because_the_journal_goes_back_to_the_one_before()
    {
        var options = FileStoreOptions.Default with { SegmentBytesMax = 2000, EntriesKept = 1 };
        await using var store = Open(options);
        var term = await store.CampaignAsync("c1", default);
        for (var revision = 1; revision <= 20; revision++)
        {
            await store.AppendAsync(Samples.Entry(revision, term), default);
            if (revision % 10 == 0)
                await store.SaveSnapshotAsync(Samples.State(revision, term), default);
        }

        await store.DisposeAsync();
        File.WriteAllText(folder.Snapshot(20), "{}");
        await using var next = Open(options);
        await next.CampaignAsync("c2", default);
        (await next.LoadSnapshotAsync(default)).ShouldNotBeNull().Map.Version.Revision.ShouldBe(10);
        var read = new List<long>();
        await foreach (var entry in next.ReadAsync(11, default))
            read.Add(entry.Revision);
        read.ShouldBe(Enumerable.Range(11, 10).Select(r => (long)r));
    }

    /// <summary>The blocks of an entry that was never acknowledged may be missing; those of one that is followed by another may not.</summary>
    [Fact]
    public void Missing_block_within_an_entry_that_others_follow_is_damage_and_no_crash()
    {
        var (first, second) = (Line(1), Line(2));
        first.AsSpan(512, 512).Clear();
        SegmentScan.Of(first).End.ShouldBe(SegmentEnd.Torn);
        SegmentScan.Of((byte[])[.. first, .. second]).End.ShouldBe(SegmentEnd.Damaged);
    }

    private static byte[] Line(int revision) => SealedLine.Seal(Encoding.ASCII.GetBytes($"{{\"revision\":{revision},\"text\":\"{new string('x', 2000)}\"}}"));

    private FileFleetStore Open(FileStoreOptions options) => new(
        folder.Path, options, new FullDisk(() => isFull), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);

    /// <summary>The journal's files have no room while it is full; the others do.</summary>
    private sealed class FullDisk(Func<bool> isFull) : IDisk
    {
        private readonly LocalDisk disk = new();

        public bool FileExists(string path) => disk.FileExists(path);

        public IReadOnlyList<string> Files(string folder) => disk.Files(folder);

        public long Length(string path) => disk.Length(path);

        public byte[] ReadAll(string path) => disk.ReadAll(path);

        public IDiskFile Open(string path) => path.EndsWith(".log", StringComparison.Ordinal) ? new FullFile(disk.Open(path), isFull) : disk.Open(path);

        public void Move(string from, string to) => disk.Move(from, to);

        public void Delete(string path) => disk.Delete(path);

        public void CreateFolder(string path) => disk.CreateFolder(path);

        public void SyncFolder(string path) => disk.SyncFolder(path);

        public IDisposable? TryLock(string path, string text) => disk.TryLock(path, text);
    }

    /// <summary>Takes half of what it is given, and nothing can be cut off again, while it is full.</summary>
    private sealed class FullFile(IDiskFile file, Func<bool> isFull) : IDiskFile
    {
        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            file.Write(isFull() ? bytes[..(bytes.Length / 2)] : bytes, offset);
            Fail();
        }

        public void Flush() => file.Flush();

        public void Cut(long length)
        {
            Fail();
            file.Cut(length);
        }

        public void Dispose() => file.Dispose();

        private void Fail()
        {
            if (isFull())
                throw new IOException("No space left on device");
        }
    }
}
