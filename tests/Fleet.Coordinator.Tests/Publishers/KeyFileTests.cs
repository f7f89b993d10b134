using Fleet.Coordinator.Publishers;
using Fleet.Coordinator.Tests.Stores;

namespace Fleet.Coordinator.Tests.Publishers;

/// <summary>Keys on the disk.</summary>
public sealed class KeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherWrite, false)]
    public void Key_that_everybody_may_read_or_change_is_refused(UnixFileMode mode, bool taken)
    {
        var path = Write(ServerFiles.Key("fleet", "hmac-sha256", DnsServerProcess.Secret), mode);
        KeyFile.TryRead(path, out var key, out var mistake).ShouldBe(taken);
        mistake.ShouldBe(
            taken
                ? ""
                : $"{path} can be read or written by everybody on this host: chmod 600 it, and make a new key if others may have read this one");
        (key is not null).ShouldBe(taken);
    }

    [Fact]
    public void File_that_is_not_there_or_holds_something_else_is_named()
    {
        KeyFile.TryRead(_folder.File("none.key"), out _, out var missing).ShouldBeFalse();
        missing.ShouldStartWith($"{_folder.File("none.key")} cannot be read: ");
        KeyFile.TryRead(Write("no key", UnixFileMode.UserRead), out _, out var other).ShouldBeFalse();
        other.ShouldBe($"{_folder.File("a.key")}: it is not of the form: key \"name\" {{ algorithm hmac-sha256; secret \"base64\"; }};");
    }

    private string Write(string text, UnixFileMode mode)
    {
        File.WriteAllText(_folder.File("a.key"), text);
        File.SetUnixFileMode(_folder.File("a.key"), mode);
        return _folder.File("a.key");
    }
}
