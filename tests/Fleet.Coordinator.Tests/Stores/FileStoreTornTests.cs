using System.Text;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>What is left of writes that failed, and of snapshots that were damaged, while nobody looks at it in between.</summary>
public sealed class FileStoreTornTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DiskFault _fault = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Next_entry_stands_behind_nothing_that_a_failed_write_has_left()
    {
        await using var store = Open(FileStoreOptions.Default);
        var term = await store.CampaignAsync("c1", default);
        await store.AppendAsync(Samples.Entry(1, term), default);
        (_fault.WriteFails, _fault.CutFails) = (true, true);
        await Should.ThrowAsync<StoreUnreachableException>(
            () => store.AppendAsync(Samples.Entry(2, term) with { By = Principal.System(new string('x', 5000)) }, default));
        (_fault.WriteFails, _fault.CutFails) = (false, false);
        await store.AppendAsync(Samples.Entry(2, term), default);
        await store.DisposeAsync();
        SegmentScan.Scan(File.ReadAllBytes(_folder.Segment(1))).End.ShouldBe(SegmentEnd.Clean);
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
        File.WriteAllText(_folder.Snapshot(20), "{}");
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
        SegmentScan.Scan(first).End.ShouldBe(SegmentEnd.Torn);
        SegmentScan.Scan((byte[])[.. first, .. second]).End.ShouldBe(SegmentEnd.Damaged);
    }

    private static byte[] Line(int revision) =>
        SealedLine.Seal(Encoding.ASCII.GetBytes($"{{\"revision\":{revision},\"text\":\"{new string('x', 2000)}\"}}"));

    private FileFleetStore Open(FileStoreOptions options) => new(
        _folder.Path, options, new FaultyDisk(_fault), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);
}
