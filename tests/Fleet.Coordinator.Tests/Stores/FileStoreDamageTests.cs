using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>What crashes leave is mended and said; what no crash leaves is refused, and nothing is changed.</summary>
public sealed class FileStoreDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Torn_at_every_byte_of_the_last_entry_costs_that_entry_only()
    {
        await WriteAsync(3);
        var bytes = File.ReadAllBytes(_folder.Segment(1));
        var lastStart = bytes.AsSpan(0, bytes.Length - 1).LastIndexOf((byte)'\n') + 1;
        for (var length = lastStart; length < bytes.Length; length++)
        {
            File.WriteAllBytes(_folder.Segment(1), bytes[..length]);
            File.Delete(_folder.File("acknowledged"));
            _log.Lines.Clear();
            await using var store = Open();
            var term = await store.CampaignAsync("c2", default);
            (await RevisionsAsync(store, 1)).ShouldBe([1, 2]);
            _log.Lines.Count(line => line.Contains("Cut ", StringComparison.Ordinal)).ShouldBe(length == lastStart ? 0 : 1);
            await store.AppendAsync(Samples.Entry(3, term), default);
            (await RevisionsAsync(store, 1)).ShouldBe([1, 2, 3]);
        }
    }

    [Fact]
    public async Task Tail_of_nothing_but_zeroes_is_cut()
    {
        await WriteAsync(3);
        await File.AppendAllBytesAsync(_folder.Segment(1), new byte[4096]);
        await using var store = Open();
        await store.CampaignAsync("c2", default);
        (await RevisionsAsync(store, 1)).ShouldBe([1, 2, 3]);
        _log.Lines.ShouldContain(line => line.Contains("Cut 4096 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reader_without_the_lock_stops_at_a_torn_tail_and_leaves_it()
    {
        await WriteAsync(3);
        var bytes = File.ReadAllBytes(_folder.Segment(1))[..^5];
        File.WriteAllBytes(_folder.Segment(1), bytes);
        await using var reader = Open();
        (await RevisionsAsync(reader, 1)).ShouldBe([1, 2]);
        File.ReadAllBytes(_folder.Segment(1)).ShouldBe(bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Flipped_bit_anywhere_is_noticed(int seed)
    {
        await WriteAsync(4);
        var bytes = File.ReadAllBytes(_folder.Segment(1));
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var bad = (byte[])bytes.Clone();
            var place = random.Next(bytes.Length);
            bad[place] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_folder.Segment(1), bad);
            await using var store = Open();
            var refusal = await Should.ThrowAsync<JournalDamagedException>(() => store.CampaignAsync("c2", default), $"byte {place}");
            refusal.File.ShouldBe(_folder.Segment(1));
            refusal.Offset.ShouldBeLessThanOrEqualTo(place);
            File.ReadAllBytes(_folder.Segment(1)).ShouldBe(bad, "a refusal changes nothing");
        }
    }

    [Fact]
    public async Task Torn_segment_that_is_not_the_last_is_refused()
    {
        await WriteAsync(2, snapshotAt: 2);
        await WriteAsync(2, from: 3);
        File.WriteAllBytes(_folder.Segment(1), File.ReadAllBytes(_folder.Segment(1))[..^3]);
        await using var store = Open();
        (await Should.ThrowAsync<JournalDamagedException>(() =>
            store.CampaignAsync("c3", default))).Message.ShouldContain("restore it from a backup");
    }

    [Fact]
    public async Task Missing_segment_is_refused()
    {
        await WriteAsync(2, snapshotAt: 2);
        await WriteAsync(2, from: 3);
        File.Delete(_folder.Segment(3));
        File.WriteAllText(_folder.Segment(5), "");
        await using var store = Open();
        (await Should.ThrowAsync<JournalDamagedException>(() => store.CampaignAsync("c3", default))).Message.ShouldContain(
            "revisions 3 to 4 are missing");
    }

    [Fact]
    public async Task Journal_that_ends_before_its_snapshot_is_refused()
    {
        await WriteAsync(3, snapshotAt: 3);
        File.Delete(_folder.Segment(4));
        File.WriteAllBytes(_folder.Segment(1), File.ReadAllBytes(_folder.Segment(1))[..^3]);
        await using var store = Open();
        (await Should.ThrowAsync<JournalDamagedException>(() => store.CampaignAsync("c2", default))).Message.ShouldContain(
            "revisions 3 to 3 are missing");
    }

    [Fact]
    public async Task Torn_snapshot_gives_way_to_the_older_one_and_the_journal()
    {
        await WriteAsync(2, snapshotAt: 2);
        await WriteAsync(2, from: 3, snapshotAt: 4);
        var bytes = File.ReadAllBytes(_folder.Snapshot(4));
        for (var length = 0; length < bytes.Length; length += 7)
        {
            File.WriteAllBytes(_folder.Snapshot(4), bytes[..length]);
            await using var store = Open();
            await store.CampaignAsync("c2", default);
            (await store.LoadSnapshotAsync(default)).ShouldNotBeNull().Map.Version.Revision.ShouldBe(2);
            (await RevisionsAsync(store, 3)).ShouldBe([3, 4]);
            _log.Lines.ShouldContain(line => line.Contains(_folder.Snapshot(4), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Damaged_term_file_is_refused_and_a_missing_one_goes_on_from_the_journal()
    {
        await WriteAsync(2);
        var bytes = File.ReadAllBytes(_folder.File("term"));
        bytes[30] ^= 1;
        File.WriteAllBytes(_folder.File("term"), bytes);
        await using (var store = Open())
            (await Should.ThrowAsync<JournalDamagedException>(() => store.CampaignAsync("c2", default))).Message.ShouldContain("delete the file");
        File.Delete(_folder.File("term"));
        await using var next = Open();
        (await next.CampaignAsync("c3", default)).ShouldBe(2);
    }

    [Fact]
    public async Task Store_that_is_left_with_a_snapshot_alone_goes_on_from_its_term()
    {
        long term;
        await using (var store = Open())
        {
            await store.CampaignAsync("c1", default);
            term = await store.CampaignAsync("c1", default);
            await store.AppendAsync(Samples.Entry(1, term), default);
            await store.SaveSnapshotAsync(Samples.State(1, term), default);
        }

        File.Delete(_folder.File("term"));
        Directory.Delete(_folder.File("journal"), recursive: true);
        await using var next = Open();
        (await next.CampaignAsync("c2", default)).ShouldBe(term + 1);
    }

    [Fact]
    public void Checksum_is_crc32c() => SealedLine.Checksum("123456789"u8).ShouldBe(0xE3069283u);

    private async Task WriteAsync(int count, long from = 1, long? snapshotAt = null)
    {
        await using var store = Open();
        var term = await store.CampaignAsync("c1", default);
        for (var revision = from; revision < from + count; revision++)
            await store.AppendAsync(Samples.Entry(revision, term), default);
        if (snapshotAt is { } at)
            await store.SaveSnapshotAsync(Samples.State(at, term), default);
    }

    private static async Task<List<long>> RevisionsAsync(FileFleetStore store, long from)
    {
        var revisions = new List<long>();
        await foreach (var entry in store.ReadAsync(from, default))
            revisions.Add(entry.Revision);
        return revisions;
    }

    private FileFleetStore Open() => new(_folder.Path, FileStoreOptions.Default, new LocalDisk(), new AsideThread(), TimeProvider.System, _log);

    private sealed class LogLines : ILogger<FileFleetStore>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
