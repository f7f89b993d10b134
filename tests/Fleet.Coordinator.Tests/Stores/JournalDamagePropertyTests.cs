using System.Diagnostics;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>
/// What one flipped bit, one cut and unwritten sectors do to a journal, tried at every place: no acknowledged entry is lost without an exception, and what a crash within
/// an append leaves starts.
/// </summary>
public sealed class JournalDamagePropertyTests : IDisposable
{
    private const int Entries = 3;

    private readonly TemporaryFolder folder = new();
    private readonly LocalDisk disk = new();
    private readonly StoreFolder files;
    private readonly byte[] bytes;
    private readonly byte[] mark;

    public JournalDamagePropertyTests()
    {
        files = new StoreFolder(disk, folder.Path);
        files.Create();
        using (var journal = OpenJournal())
        {
            for (var revision = 1; revision <= Entries; revision++)
                journal.Append(Samples.Entry(revision, 1));
        }

        bytes = File.ReadAllBytes(files.SegmentFile(1));
        mark = File.ReadAllBytes(files.AcknowledgedFile);
    }

    private int LastStart => bytes.AsSpan(0, bytes.Length - 1).LastIndexOf((byte)'\n') + 1;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // a journal of before there were marks, or a mark that did not survive
    public void Flipped_bit_anywhere_in_the_journal_is_refused(bool marked)
    {
        for (var bit = 0; bit < bytes.Length * 8; bit++)
            Open(Flipped(bytes, bit), marked ? mark : null).ShouldBeNull($"bit {bit % 8} of byte {bit / 8}");
    }

    [Fact]
    public void Flipped_bit_in_the_mark_loses_nothing()
    {
        for (var bit = 0; bit < mark.Length * 8; bit++)
            Open(bytes, Flipped(mark, bit)).ShouldBe(Entries);
    }

    [Fact]
    public void Cut_anywhere_in_what_was_acknowledged_is_refused()
    {
        for (var length = 0; length < bytes.Length; length++)
            Open(bytes[..length], mark).ShouldBeNull($"cut at {length}");
        Open(bytes, mark).ShouldBe(Entries);
    }

    [Fact]
    public void Append_that_a_crash_cut_short_at_any_byte_starts_without_it()
    {
        var before = Mark(Entries - 1);
        for (var length = 0; length < bytes.Length; length++)
            Open(bytes[..length], before).ShouldBe(length < LastStart ? null : Entries - 1, $"cut at {length}");
    }

    /// <summary>The blocks of one write reach the disk in any order: a later one may be there and an earlier one not, its line feed included.</summary>
    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void Append_of_which_a_crash_left_some_blocks_only_starts_without_it(int block)
    {
        var entry = Samples.Entry(Entries + 1, 1) with { Actor = new string('x', 4 * block) };
        File.WriteAllBytes(files.SegmentFile(1), bytes);
        using (var journal = OpenJournal())
            journal.Append(entry);
        var longer = File.ReadAllBytes(files.SegmentFile(1));
        var blocks = (longer.Length / block) - (bytes.Length / block) + 1;
        for (var kept = 0; kept < (1 << blocks) - 1; kept++)
        {
            var torn = (byte[])longer.Clone();
            for (var place = bytes.Length; place < torn.Length; place++)
                torn[place] = (kept >> ((place / block) - (bytes.Length / block)) & 1) == 1 ? torn[place] : (byte)0;
            Open(torn, mark).ShouldBe(Entries, $"blocks {kept:b}");
        }
    }

    [Fact]
    public void Mark_that_lags_behind_costs_nothing()
    {
        Open(bytes, Mark(1)).ShouldBe(Entries);
        AcknowledgedMark.Read(disk, files.AcknowledgedFile).ShouldBe(Entries, "what is read at the start is acknowledged from then on");
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(3, 1500)] // within the last entry, once there are segments before and after
    public async Task Remedy_that_the_refusal_spells_out_lets_the_store_start(int segment, int place)
    {
        await using (var store = Store())
        {
            var term = await store.CampaignAsync("c1", default);
            for (var revision = Entries + 1; revision <= 20; revision++)
            {
                await store.AppendAsync(Samples.Entry(revision, term), default);
                if (segment == 3 && revision is 6 or 10)
                    await store.SaveSnapshotAsync(Samples.State(revision, term), default);
            }
        }

        var file = files.SegmentFile(files.Segments()[Math.Min(segment, files.Segments().Length) - 1]);
        File.WriteAllBytes(file, Flipped(File.ReadAllBytes(file), place * 8));
        await using (var store = Store())
        {
            var refusal = await Should.ThrowAsync<JournalDamagedException>(() => store.CampaignAsync("c2", default));
            refusal.File.ShouldBe(file);
            var command = refusal.Message[(refusal.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..];
            using var shell = Process.Start(new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", command } })!;
            await shell.WaitForExitAsync();
            shell.ExitCode.ShouldBe(0, command);
        }

        await using var next = Store();
        var after = await next.CampaignAsync("c3", default);
        var last = (await next.LoadSnapshotAsync(default))?.Map.Version.Revision ?? 0;
        await foreach (var entry in next.ReadAsync(last + 1, default))
            last = entry.Revision;
        await next.AppendAsync(Samples.Entry(last + 1, after), default);
    }

    [Fact]
    public async Task Damage_that_a_snapshot_covers_costs_history_only()
    {
        await using (var store = Store())
        {
            var term = await store.CampaignAsync("c1", default);
            await store.SaveSnapshotAsync(Samples.State(Entries, term), default);
            await store.AppendAsync(Samples.Entry(Entries + 1, term), default);
        }

        File.WriteAllBytes(files.SegmentFile(1), Flipped(bytes, 800));
        await using (var store = Store())
        {
            var refusal = await Should.ThrowAsync<JournalDamagedException>(() => store.CampaignAsync("c2", default));
            refusal.Message.ShouldEndWith($"which the snapshot of revision {Entries} covers: rm {files.SegmentFile(1)}");
        }

        File.Delete(files.SegmentFile(1));
        await using var after = Store();
        await after.CampaignAsync("c3", default);
        AcknowledgedMark.Read(disk, files.AcknowledgedFile).ShouldBe(Entries + 1);
    }

    /// <summary>The last revision of a store with these bytes; null where it refuses to start.</summary>
    private long? Open(byte[] journal, byte[]? acknowledged)
    {
        File.WriteAllBytes(files.SegmentFile(1), journal);
        File.Delete(files.AcknowledgedFile);
        if (acknowledged is not null)
            File.WriteAllBytes(files.AcknowledgedFile, acknowledged);
        try
        {
            using var opened = OpenJournal();
            return opened.LastRevision;
        }
        catch (JournalDamagedException)
        {
            return null;
        }
    }

    private Journal OpenJournal() => Journal.Open(files, FileStoreOptions.Default, 0, (_, _, _) => { });

    private FileFleetStore Store() => new(folder.Path, FileStoreOptions.Default, disk, new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);

    private byte[] Mark(long revision)
    {
        using (var writer = new AcknowledgedMark(disk, files.AcknowledgedFile))
            writer.Write(revision);
        return File.ReadAllBytes(files.AcknowledgedFile);
    }

    private static byte[] Flipped(byte[] good, int bit)
    {
        var bad = (byte[])good.Clone();
        bad[bit / 8] ^= (byte)(1 << (bit % 8));
        return bad;
    }
}
