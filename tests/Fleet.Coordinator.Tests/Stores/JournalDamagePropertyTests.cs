using System.Diagnostics;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>
/// What one flipped bit, one cut and unwritten sectors do to a journal, tried at every place: no acknowledged entry is lost without an exception, and
/// what a crash within an append leaves starts.
/// </summary>
public sealed class JournalDamagePropertyTests : IDisposable
{
    private const int Entries = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly LocalDisk _disk = new();
    private readonly StoreFolder _files;
    private readonly byte[] _bytes;
    private readonly byte[] _mark;

    public JournalDamagePropertyTests()
    {
        _files = new StoreFolder(_disk, _folder.Path);
        _files.Create();
        using (var journal = OpenJournal())
        {
            for (var revision = 1; revision <= Entries; revision++)
                journal.Append(Samples.Entry(revision, 1));
        }

        _bytes = File.ReadAllBytes(_files.SegmentFile(1));
        _mark = File.ReadAllBytes(_files.AcknowledgedFile);
    }

    private int LastStart => _bytes.AsSpan(0, _bytes.Length - 1).LastIndexOf((byte)'\n') + 1;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // a journal of before there were marks, or a mark that did not survive
    public void Flipped_bit_anywhere_in_the_journal_is_refused(bool marked)
    {
        for (var bit = 0; bit < _bytes.Length * 8; bit++)
            Open(Flipped(_bytes, bit), marked ? _mark : null).ShouldBeNull($"bit {bit % 8} of byte {bit / 8}");
    }

    [Fact]
    public void Flipped_bit_in_the_mark_loses_nothing()
    {
        for (var bit = 0; bit < _mark.Length * 8; bit++)
            Open(_bytes, Flipped(_mark, bit)).ShouldBe(Entries);
    }

    [Fact]
    public void Cut_anywhere_in_what_was_acknowledged_is_refused()
    {
        for (var length = 0; length < _bytes.Length; length++)
            Open(_bytes[..length], _mark).ShouldBeNull($"cut at {length}");
        Open(_bytes, _mark).ShouldBe(Entries);
    }

    [Fact]
    public void Append_that_a_crash_cut_short_at_any_byte_starts_without_it()
    {
        var before = Mark(Entries - 1);
        for (var length = 0; length < _bytes.Length; length++)
            Open(_bytes[..length], before).ShouldBe(length < LastStart ? null : Entries - 1, $"cut at {length}");
    }

    /// <summary>
    /// The blocks of one write reach the disk in any order: a later one may be there and an earlier one not, its line feed included.
    /// </summary>
    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void Append_of_which_a_crash_left_some_blocks_only_starts_without_it(int block)
    {
        var entry = Samples.Entry(Entries + 1, 1) with { By = Principal.System(new string('x', 4 * block)) };
        File.WriteAllBytes(_files.SegmentFile(1), _bytes);
        using (var journal = OpenJournal())
            journal.Append(entry);
        var longer = File.ReadAllBytes(_files.SegmentFile(1));
        var blocks = (longer.Length / block) - (_bytes.Length / block) + 1;
        for (var kept = 0; kept < (1 << blocks) - 1; kept++)
        {
            var torn = (byte[])longer.Clone();
            for (var place = _bytes.Length; place < torn.Length; place++)
                torn[place] = (kept >> ((place / block) - (_bytes.Length / block)) & 1) == 1 ? torn[place] : (byte)0;
            Open(torn, _mark).ShouldBe(Entries, $"blocks {kept:b}");
        }
    }

    [Fact]
    public void Mark_that_lags_behind_costs_nothing()
    {
        Open(_bytes, Mark(1)).ShouldBe(Entries);
        AcknowledgedMark.Read(_disk, _files.AcknowledgedFile).ShouldBe(Entries, "what is read at the start is acknowledged from then on");
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

        var file = _files.SegmentFile(_files.Segments()[Math.Min(segment, _files.Segments().Length) - 1]);
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

        File.WriteAllBytes(_files.SegmentFile(1), Flipped(_bytes, 800));
        await using (var store = Store())
        {
            var refusal = await Should.ThrowAsync<JournalDamagedException>(() => store.CampaignAsync("c2", default));
            refusal.Message.ShouldEndWith($"which the snapshot of revision {Entries} covers: rm {_files.SegmentFile(1)}");
        }

        File.Delete(_files.SegmentFile(1));
        await using var after = Store();
        await after.CampaignAsync("c3", default);
        AcknowledgedMark.Read(_disk, _files.AcknowledgedFile).ShouldBe(Entries + 1);
    }

    /// <summary>The last revision of a store with these bytes; null where it refuses to start.</summary>
    private long? Open(byte[] journal, byte[]? acknowledged)
    {
        File.WriteAllBytes(_files.SegmentFile(1), journal);
        File.Delete(_files.AcknowledgedFile);
        if (acknowledged is not null)
            File.WriteAllBytes(_files.AcknowledgedFile, acknowledged);
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

    private JournalFiles OpenJournal() => JournalFiles.Open(_files, FileStoreOptions.Default, 0, (_, _, _) => { });

    private FileFleetStore Store() =>
        new(_folder.Path, FileStoreOptions.Default, _disk, new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);

    private byte[] Mark(long revision)
    {
        using (var writer = new AcknowledgedMark(_disk, _files.AcknowledgedFile))
            writer.Write(revision);
        return File.ReadAllBytes(_files.AcknowledgedFile);
    }

    private static byte[] Flipped(byte[] good, int bit)
    {
        var bad = (byte[])good.Clone();
        bad[bit / 8] ^= (byte)(1 << (bit % 8));
        return bad;
    }
}
