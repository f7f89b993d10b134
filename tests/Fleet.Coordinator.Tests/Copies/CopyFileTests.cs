using Fleet.Coordinator.Copies;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Tests.Contracts;

namespace Fleet.Coordinator.Tests.Copies;

/// <summary>A copy holds all of a history, and one that is not what was written is refused, with the line.</summary>
public sealed class CopyFileTests
{
    [Fact]
    public async Task Copy_has_the_snapshot_and_every_entry_and_says_what_it_holds()
    {
        await using var stage = await CopyStage.WithHistoryAsync();
        await stage.ExportAsync(term: 99);
        var copy = await CopyStage.CheckAsync(stage.File("copy"));
        copy.Snapshot.ShouldNotBeNull().Map.Version.Revision.ShouldBe(40);
        copy.State.Text().ShouldBe(stage.State.Text());
        (copy.FirstRevision, copy.End.Entries, copy.End.Revision, copy.End.Term, copy.End.IsFinal).ShouldBe((1, 60, 60, 99, true));
        (await CopyFile.EntriesAsync(copy.File, default).ToArrayAsync()).Select(Samples.Text).ShouldBe(stage.Written.Select(Samples.Text));
        File.GetUnixFileMode(copy.File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, "it names people and addresses");
    }

    [Fact]
    public async Task Flipped_bit_anywhere_is_refused_with_its_line()
    {
        await using var stage = await CopyStage.WithHistoryAsync();
        await stage.ExportAsync();
        var whole = await File.ReadAllBytesAsync(stage.File("copy"));
        var dice = new Random(4);
        for (var round = 0; round < 300; round++)
        {
            var bytes = (byte[])whole.Clone();
            var place = dice.Next(bytes.Length);
            bytes[place] ^= (byte)(1 << dice.Next(8));
            await File.WriteAllBytesAsync(stage.File("bad"), bytes);
            var refusal = await Should.ThrowAsync<JournalDamagedException>(() => CopyStage.CheckAsync(stage.File("bad")), $"byte {place}");
            refusal.Offset.ShouldBeLessThanOrEqualTo(place);
            refusal.Message.ShouldContain("line ");
        }
    }

    [Fact]
    public async Task Copy_that_is_cut_off_anywhere_is_refused()
    {
        await using var stage = await CopyStage.WithHistoryAsync(12, 5);
        await stage.ExportAsync();
        var whole = await File.ReadAllBytesAsync(stage.File("copy"));
        var ends = Enumerable.Range(0, whole.Length).Where(i => i == 0 || whole[i - 1] == '\n').Concat([whole.Length - 1, whole.Length / 2]);
        foreach (var length in ends)
        {
            await File.WriteAllBytesAsync(stage.File("bad"), whole[..length]);
            var refusal = await Should.ThrowAsync<JournalDamagedException>(() => CopyStage.CheckAsync(stage.File("bad")), $"{length} bytes");
            if (length > 0 && whole[length - 1] == '\n')
                Runbook.Shows("copy-cut-off", refusal.Message);
            else if (length == whole.Length / 2)
                Runbook.Shows("copy-damaged", refusal.Message);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    public async Task Copy_that_lacks_a_whole_line_is_refused(int line)
    {
        await using var stage = await CopyStage.WithHistoryAsync();
        await stage.ExportAsync();
        var lines = await File.ReadAllLinesAsync(stage.File("copy"));
        await File.WriteAllLinesAsync(stage.File("bad"), lines.Where((_, i) => i != line));
        await Should.ThrowAsync<JournalDamagedException>(() => CopyStage.CheckAsync(stage.File("bad")));
        await File.WriteAllLinesAsync(stage.File("bad"), lines.Append(lines[line]));
        (await Should.ThrowAsync<JournalDamagedException>(() =>
            CopyStage.CheckAsync(stage.File("bad")))).Message.ShouldContain("follows the end");
    }

    [Fact]
    public async Task Format_of_tomorrow_is_refused()
    {
        await using var stage = await CopyStage.WithHistoryAsync(1, 0);
        await using (var stream = File.Create(stage.File("newer")))
        {
            using var writer = new CopyWriter(stream);
            await writer.WriteAsync(new CopyLine { Header = new CopyHeader(2, "tomorrow", DateTimeOffset.UnixEpoch) }, default);
            await writer.WriteAsync(new CopyLine { Entry = stage.Written[0] }, default);
            await writer.EndAsync(1, 2, 1, true, default);
        }

        var refusal = await Should.ThrowAsync<JournalDamagedException>(() => CopyStage.CheckAsync(stage.File("newer")));
        Runbook.Shows("copy-newer", refusal.Message);
    }

    /// <summary>Each line and the checksum of all are right: another program has written it, or ours with a mistake.</summary>
    [Theory]
    [InlineData(0, 60, "there is no entry")]
    [InlineData(30, 60, "before its snapshot")]
    [InlineData(60, 59, "does not fit")]
    public async Task Whole_copy_that_nobody_could_begin_with_is_refused(int entries, int said, string why)
    {
        await using var stage = await CopyStage.WithHistoryAsync();
        await using (var stream = File.Create(stage.File("unfit")))
        {
            using var writer = new CopyWriter(stream);
            await writer.WriteAsync(new CopyLine { Header = new CopyHeader(1, "a test", DateTimeOffset.UnixEpoch) }, default);
            await writer.WriteAsync(new CopyLine { Snapshot = stage.Memory.Snapshot }, default);
            foreach (var entry in stage.Written.Take(entries))
                await writer.WriteAsync(new CopyLine { Entry = entry }, default);
            await writer.EndAsync(said, 99, said, true, default);
        }

        (await Should.ThrowAsync<JournalDamagedException>(() => CopyStage.CheckAsync(stage.File("unfit")))).Message.ShouldContain(why);
    }

    [Fact]
    public async Task Source_that_lacks_entries_is_not_copied_and_no_file_is_left()
    {
        await using var stage = await CopyStage.WithHistoryAsync();
        await Should.ThrowAsync<StoreRefusedException>(() => stage.ExportAsync(reaches: 61));
        stage.Memory.Entries.RemoveAt(50);
        (await Should.ThrowAsync<StoreRefusedException>(() => stage.ExportAsync())).Message.ShouldContain("follows");
        stage.Memory.Entries.RemoveRange(0, 48);
        (await Should.ThrowAsync<StoreRefusedException>(() => stage.ExportAsync())).Message.ShouldContain("are missing");
        stage.Memory.Entries.Clear();
        (await Should.ThrowAsync<StoreRefusedException>(() => stage.ExportAsync())).Message.ShouldContain("there is no entry");
        Directory.GetFiles(Path.GetDirectoryName(stage.File("copy"))!).ShouldBeEmpty();
    }
}
