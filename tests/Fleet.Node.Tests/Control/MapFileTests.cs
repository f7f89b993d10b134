using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Tests.Control;

/// <summary>Disks that do not do their part: the agent goes on, says so once, and tries again.</summary>
public sealed class MapFileTests : IDisposable
{
    private static readonly FleetMap Map = Build.Map([Build.Node("adc-1")], []);

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-map").FullName;
    private readonly LogLines<MapFile> _log = new();

    private string Kept => Path.Combine(_folder, "map.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Map_that_was_kept_is_read_back()
    {
        var maps = Open();
        maps.Load(new MapSieve(new NodeName("adc-1"))).ShouldBeSameAs(FleetMap.Empty);
        await SaveAsync(maps, () => File.Exists(Kept));
        Open().Load(new MapSieve(new NodeName("adc-1"))).Version.ShouldBe(Map.Version);
        _log.Lines.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("\u0000\u0000")]
    public async Task File_that_is_no_map_is_kept_aside(string text)
    {
        File.WriteAllText(Kept, text);
        var maps = Open();
        maps.Load(new MapSieve(new NodeName("adc-1"))).ShouldBeSameAs(FleetMap.Empty);
        await SaveAsync(maps, () => File.Exists(Kept));
        File.ReadAllText($"{Kept}.bad").ShouldBe(text);
        _log.Lines.Count.ShouldBe(1);
    }

    /// <summary>Of the agent of commit 0d62d88.</summary>
    [Fact]
    public async Task Map_of_another_build_is_said_to_be_one_and_kept_aside()
    {
        var others = Path.Combine(AppContext.BaseDirectory, "Control", "OtherBuild", "map.json");
        File.Copy(others, Kept);
        var maps = Open();
        maps.Load(new MapSieve(new NodeName("adc-1"))).ShouldBeSameAs(FleetMap.Empty);
        _log.Lines.ShouldHaveSingleItem()
            .ShouldContain("it was written by another build of Fleet, in a format that this one, which reads schema 3, does not read");
        await SaveAsync(maps, () => File.Exists(Kept));
        File.ReadAllBytes($"{Kept}.bad").ShouldBe(File.ReadAllBytes(others));
    }

    [Fact]
    public void File_that_is_far_too_long_is_not_read()
    {
        using (var file = File.Create(Kept))
            file.SetLength(MapFile.BytesMax + 1);
        Open().Load(new MapSieve(new NodeName("adc-1"))).ShouldBeSameAs(FleetMap.Empty);
        new FileInfo($"{Kept}.bad").Length.ShouldBe(MapFile.BytesMax + 1);
    }

    [Fact]
    public void Folder_in_the_place_of_the_file_is_no_map()
    {
        Directory.CreateDirectory(Kept);
        Open().Load(new MapSieve(new NodeName("adc-1"))).ShouldBeSameAs(FleetMap.Empty);
        _log.Lines.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("a folder in the place of the file")]
    [InlineData("a file in the place of the folder")]
    [InlineData("a full disk")]
    public async Task Map_is_written_once_the_disk_allows_it(string trouble)
    {
        var end = trouble switch
        {
            "a folder in the place of the file" => Blocked(Kept, isFolder: true),
            "a file in the place of the folder" => Blocked(_folder, isFolder: false),
            _ => Full(),
        };
        var maps = Open();
        maps.Load(new MapSieve(new NodeName("adc-1"))).ShouldBeSameAs(FleetMap.Empty);
        _log.Lines.Clear();
        await SaveAsync(maps, () => !_log.Lines.IsEmpty, TimeSpan.FromMilliseconds(50));
        _log.Lines.Single().ShouldContain("tries again");
        end();
        await SaveAsync(maps, () => File.Exists(Kept) && _log.Lines.Count > 1);
        _log.Lines.Last().ShouldContain("again");
        KeptRevision().ShouldBe(Map.Version.Revision);
    }

    [Fact]
    public async Task Map_that_could_not_be_written_is_tried_again_though_no_newer_one_comes()
    {
        var maps = Open();
        var end = Blocked(Kept, isFolder: true);
        using var over = new CancellationTokenSource();
        var running = maps.RunAsync(over.Token);
        maps.Save(Map);
        for (var i = 0; i < 1000 && _log.Lines.IsEmpty; i++)
            await Task.Delay(10);
        end();
        for (var i = 0; i < 1000 && !File.Exists(Kept); i++)
            await Task.Delay(10);
        File.Exists(Kept).ShouldBeTrue();
        await over.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Of_the_maps_of_a_second_only_the_newest_is_written_and_at_the_end_the_last_at_once()
    {
        var time = new FakeTime();
        var maps = new MapFile(_folder, new LocalDisk(), time, _log);
        using var end = new CancellationTokenSource();
        var running = maps.RunAsync(end.Token);
        maps.Save(At(1));
        for (var i = 0; i < 1000 && !File.Exists(Kept); i++)
            await Task.Delay(10);
        KeptRevision().ShouldBe(1, "the first after a quiet second is written at once");
        for (var revision = 2; revision <= 9; revision++)
            maps.Save(At(revision));
        await Task.Delay(50);
        KeptRevision().ShouldBe(1, "a second has not passed");
        await time.AdvanceUntilAsync(() => KeptRevision() > 1, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60));
        KeptRevision().ShouldBe(9);
        maps.Save(At(10));
        await end.CancelAsync();
        await running;
        KeptRevision().ShouldBe(10);
    }

    [Fact]
    public async Task Path_that_no_disk_has_ends_nothing()
    {
        var maps = new MapFile("no\0path", new LocalDisk(), TimeProvider.System, _log);
        maps.Load(new MapSieve(new NodeName("adc-1"))).ShouldBeSameAs(FleetMap.Empty);
        await SaveAsync(maps, () => !_log.Lines.IsEmpty, TimeSpan.FromMilliseconds(1200));
        _log.Lines.Count.ShouldBe(1, "each cause is said once, however often it is tried");
    }

    private static FleetMap At(long revision) => Map with { Version = new MapVersion(1, revision) };

    private long KeptRevision() => Open().Load(new MapSieve(new NodeName("adc-1"))).Version.Revision;

    private MapFile Open() => new(_folder, new LocalDisk(), TimeProvider.System, _log);

    private static Action Blocked(string path, bool isFolder)
    {
        if (isFolder)
        {
            Directory.CreateDirectory(path);
            return () => Directory.Delete(path);
        }

        Directory.Delete(path);
        File.WriteAllText(path, "");
        return () => File.Delete(path);
    }

    /// <summary>A file that every write to ends with ENOSPC.</summary>
    private Action Full()
    {
        File.CreateSymbolicLink($"{Kept}.new", "/dev/full");
        return () => { };
    }

    private static async Task SaveAsync(MapFile maps, Func<bool> until, TimeSpan more = default)
    {
        using var end = new CancellationTokenSource();
        var running = maps.RunAsync(end.Token);
        maps.Save(Map);
        for (var i = 0; i < 1000 && !until(); i++)
            await Task.Delay(10);
        until().ShouldBeTrue();
        await Task.Delay(more);
        await end.CancelAsync();
        await running;
    }
}
