using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>A follower reads the folder that another process writes.</summary>
public sealed class JournalTailTests : IDisposable
{
    private static readonly NullLogger<FileFleetStore> Log = NullLogger<FileFleetStore>.Instance;

    private readonly TemporaryFolder _folder = new();
    private readonly DiskFault _fault = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>It was whole in the file, and nobody had been told so.</summary>
    [Fact]
    public async Task Entry_that_is_cut_off_again_was_never_given()
    {
        await using var leader = Open();
        var term = await leader.CampaignAsync("c1", default);
        await leader.AppendAsync(Samples.Entry(1, term), default);
        (_fault.FlushFails, _fault.CutFails) = (true, true);
        await Should.ThrowAsync<StoreUnreachableException>(
            () => leader.AppendAsync(Samples.Entry(2, term) with { By = Principal.System("lost") }, default));
        SegmentScan.Scan(File.ReadAllBytes(_folder.Segment(1))).Lines.Length.ShouldBe(2, "it is there");
        await using var reader = Open();
        await using var tail = reader.TailAsync(1, default).GetAsyncEnumerator();
        (await tail.MoveNextAsync()).ShouldBeTrue();
        var next = tail.MoveNextAsync().AsTask();
        await Task.Delay(300);
        next.IsCompleted.ShouldBeFalse();
        (_fault.FlushFails, _fault.CutFails) = (false, false);
        await leader.AppendAsync(Samples.Entry(2, term) with { By = Principal.System("kept") }, default);
        (await next.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
        tail.Current.By.Name.ShouldBe("kept");
    }

    [Fact]
    public async Task Disk_that_cannot_be_read_is_said_to_be_and_the_tail_begins_anew_where_it_was()
    {
        await using var leader = Open();
        var term = await leader.CampaignAsync("c1", default);
        await leader.AppendAsync(Samples.Entry(1, term), default);
        _fault.ReadFails = true;
        await using var reader = Open();
        await Should.ThrowAsync<StoreUnreachableException>(async () => await FirstAsync(reader));
        _fault.ReadFails = false;
        (await FirstAsync(reader)).Revision.ShouldBe(1);
    }

    private static async Task<JournalEntry> FirstAsync(FileFleetStore store)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var tail = store.TailAsync(1, bound.Token).GetAsyncEnumerator(bound.Token);
        (await tail.MoveNextAsync()).ShouldBeTrue();
        return tail.Current;
    }

    private FileFleetStore Open() =>
        new(_folder.Path, FileStoreOptions.Default, new FaultyDisk(_fault), new AsideThread(), TimeProvider.System, Log);
}
