using Fleet.Shared.Hocon;
using Fleet.Shared.Shell;

namespace Fleet.Shared.Tests.Config;

public sealed class HoconFilesTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-hocon-");

    [Fact]
    public void Text_that_is_utf_8_is_found()
    {
        File.WriteAllText(Path("a.conf"), "a = é");
        new HoconFiles().Read(Path("a.conf")).ShouldBe(new HoconText.Found("a = é"));
    }

    [Fact]
    public void Other_bytes_are_unreadable()
    {
        File.WriteAllBytes(Path("a.conf"), [0x61, 0xC3, 0x28]);
        new HoconFiles().Read(Path("a.conf")).ShouldBe(new HoconText.Unreadable("bytes that are not UTF-8"));
    }

    [Fact]
    public void What_is_not_there_is_missing()
    {
        new HoconFiles().Read(Path("no.conf")).ShouldBeOfType<HoconText.Missing>();
        new HoconFiles().Read(Path("no/no.conf")).ShouldBeOfType<HoconText.Missing>();
    }

    [Fact]
    public void Folder_is_unreadable() => new HoconFiles().Read(_folder.FullName).ShouldBe(new HoconText.Unreadable("a folder"));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void Path_that_no_file_has_is_unreadable(string path) => new HoconFiles().Read(path).ShouldBeOfType<HoconText.Unreadable>();

    public void Dispose() => _folder.Delete(recursive: true);

    string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);
}
