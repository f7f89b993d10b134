using System.Text;
using Fleet.Shared.Shell;
using Shouldly;
using Xunit;

namespace Fleet.Testing;

/// <summary>What every <see cref="IDisk"/> does while the power lasts. A suite for one disk derives from this and gives it a folder.</summary>
public abstract class DiskContract
{
    protected abstract IDisk Disk { get; }

    /// <summary>A folder that is there, and empty.</summary>
    protected abstract string Folder { get; }

    private string At(string name) => Path.Combine(Folder, name);

    [Fact]
    public void What_is_written_is_read()
    {
        using (var file = Disk.Open(At("a")))
        {
            file.Write("hello"u8, 0);
            file.Write("J"u8, 0);
            file.Write("!"u8, 7);
            file.Flush();
        }

        Text("a").ShouldBe("Jello\0\0!");
        Disk.Length(At("a")).ShouldBe(8);
    }

    [Fact]
    public void Opened_again_it_has_what_it_had()
    {
        Write("a", "hello");
        using var file = Disk.Open(At("a"));
        Text("a").ShouldBe("hello");
        file.Write("J"u8, 0);
        Text("a").ShouldBe("Jello");
    }

    [Fact]
    public void Cut_drops_the_rest_and_what_comes_after_it_reads_as_zeroes()
    {
        Write("a", "hello");
        using var file = Disk.Open(At("a"));
        file.Cut(2);
        Text("a").ShouldBe("he");
        file.Write("o"u8, 4);
        Text("a").ShouldBe("he\0\0o");
        file.Cut(0);
        Disk.Length(At("a")).ShouldBe(0);
    }

    [Fact]
    public void Move_takes_the_place_of_what_was_there()
    {
        Write("a", "new");
        Write("b", "old");
        Disk.Move(At("a"), At("b"));
        Text("b").ShouldBe("new");
        Disk.FileExists(At("a")).ShouldBeFalse();
        Disk.CreateFolder(At("sub"));
        Disk.Move(At("b"), At("sub/b"));
        Text("sub/b").ShouldBe("new");
        Disk.Files(Folder).ShouldBeEmpty();
    }

    [Fact]
    public void File_that_is_not_there_is_said_not_to_be()
    {
        Disk.FileExists(At("a")).ShouldBeFalse();
        Disk.FileExists(At("none/a")).ShouldBeFalse();
        foreach (var path in new[] { At("a"), At("none/a") })
        {
            Should.Throw<FileNotFoundException>(() => Disk.ReadAll(path));
            Should.Throw<FileNotFoundException>(() => Disk.Length(path));
            Disk.Delete(path);
        }

        Should.Throw<IOException>(() => Disk.Open(At("none/a")));
        Should.Throw<IOException>(() => Disk.Move(At("a"), At("b")));
        Should.Throw<IOException>(() => Disk.SyncFolder(At("none")));
        Disk.Files(At("none")).ShouldBeEmpty();
    }

    [Fact]
    public void Folder_is_no_file()
    {
        Disk.CreateFolder(At("sub/below"));
        Disk.CreateFolder(At("sub/below"));
        Disk.FileExists(At("sub")).ShouldBeFalse();
        Disk.Files(Folder).ShouldBeEmpty();
        Should.Throw<UnauthorizedAccessException>(() => Disk.ReadAll(At("sub")));
        Should.Throw<UnauthorizedAccessException>(() => Disk.Length(At("sub")));
        Should.Throw<UnauthorizedAccessException>(() => Disk.Open(At("sub")));
        Write("plain", "");
        Should.Throw<IOException>(() => Disk.CreateFolder(At("plain/below")));
    }

    [Fact]
    public void Names_come_in_ordinal_order_and_go()
    {
        foreach (var name in new[] { "b", "B", "a.new", "a" })
            Write(name, name);
        Disk.Files(Folder).ShouldBe(["B", "a", "a.new", "b"]);
        Disk.Delete(At("a"));
        Disk.SyncFolder(Folder);
        Disk.Files(Folder).ShouldBe(["B", "a.new", "b"]);
    }

    [Fact]
    public void File_that_is_gone_can_still_be_written()
    {
        using var file = Disk.Open(At("a"));
        Disk.Delete(At("a"));
        file.Write("hello"u8, 0);
        file.Flush();
        Disk.FileExists(At("a")).ShouldBeFalse();
    }

    [Fact]
    public void Lock_is_one_holder_s_until_it_lets_go()
    {
        var first = Disk.TryLock(At("lock"), "first").ShouldNotBeNull();
        Disk.TryLock(At("lock"), "second").ShouldBeNull();
        first.Dispose();
        Text("lock").ShouldStartWith("first");
        using (Disk.TryLock(At("lock"), "2nd").ShouldNotBeNull())
        {
            first.Dispose();
            Disk.TryLock(At("lock"), "third").ShouldBeNull("who lets go twice does not let another's go");
            Disk.Delete(At("lock"));
            using var other = Disk.TryLock(At("lock"), "fourth").ShouldNotBeNull("the lock is the file's, not the name's");
        }
    }

    private string Text(string name) => Encoding.UTF8.GetString(Disk.ReadAll(At(name)));

    private void Write(string name, string text)
    {
        using var file = Disk.Open(At(name));
        file.Write(Encoding.UTF8.GetBytes(text), 0);
    }
}
