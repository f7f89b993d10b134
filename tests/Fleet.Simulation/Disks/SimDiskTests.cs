
namespace Fleet.Simulation.Disks;

/// <summary>What a power failure may do is done sooner or later, and what it may not is never done.</summary>
public sealed class SimDiskTests
{
    private const int Seeds = 300;

    [Fact]
    public void What_was_flushed_and_synced_survives_every_power_failure()
    {
        foreach (var disk in Disks())
        {
            Write(disk, "data/a", "hello", flush: true);
            disk.SyncFolder("data");
            disk.Crash();
            disk.ReadAll("data/a").ShouldBe("hello"u8.ToArray());
        }
    }

    [Fact]
    public void Without_a_flush_bytes_and_name_are_lost_independently_and_in_part()
    {
        var outcomes = new HashSet<string>();
        foreach (var disk in Disks())
        {
            Write(disk, "data/a", new string('x', 1500));
            disk.Crash();
            outcomes.Add(
                !disk.FileExists("data/a")
                    ? "gone"
                    : string.Join(' ', disk.ReadAll("data/a").Chunk(512).Select(sector => sector[0] == 0 ? "zeroes" : "bytes")));
        }

        outcomes.ShouldBeSubsetOf(
        [
            "gone", "", "bytes", "zeroes", "bytes bytes", "bytes zeroes", "zeroes bytes", "zeroes zeroes",
            "bytes bytes bytes",
            "bytes bytes zeroes",
            "bytes zeroes bytes",
            "bytes zeroes zeroes",
            "zeroes bytes bytes",
            "zeroes bytes zeroes",
            "zeroes zeroes bytes",
            "zeroes zeroes zeroes",
        ]);
        foreach (var seen in new[] { "gone", "", "bytes bytes bytes", "zeroes bytes", "zeroes zeroes bytes" })
            outcomes.ShouldContain(seen);
    }

    [Fact]
    public void Rename_without_a_sync_is_there_or_not_but_never_half()
    {
        var outcomes = new HashSet<string>();
        foreach (var disk in Disks())
        {
            Write(disk, "data/a", "old", flush: true);
            disk.SyncFolder("data");
            Write(disk, "data/a.new", "new", flush: true);
            disk.Move("data/a.new", "data/a");
            disk.Crash();
            outcomes.Add(System.Text.Encoding.ASCII.GetString(disk.ReadAll("data/a")));
        }

        outcomes.Order().ShouldBe(["new", "old"]);
    }

    [Fact]
    public void Deleted_files_come_back_in_any_combination()
    {
        var outcomes = new HashSet<string>();
        foreach (var disk in Disks())
        {
            Write(disk, "data/a", "", flush: true);
            Write(disk, "data/b", "", flush: true);
            disk.SyncFolder("data");
            disk.Delete("data/a");
            disk.Delete("data/b");
            disk.Crash();
            outcomes.Add(string.Concat(disk.Files("data")));
        }

        outcomes.Order().ShouldBe(["", "a", "ab", "b"]);
    }

    [Fact]
    public void Killed_process_leaves_what_it_wrote_and_no_lock()
    {
        var disk = Disks().First();
        var file = disk.Open("data/a");
        file.Write("hello"u8, 0);
        disk.TryLock("data/lock", "me").ShouldNotBeNull();
        disk.ProcessDied();
        disk.ReadAll("data/a").ShouldBe("hello"u8.ToArray());
        Should.Throw<InvalidOperationException>(() => file.Write("x"u8, 0));
        disk.TryLock("data/lock", "another").ShouldNotBeNull();
    }

    [Fact]
    public void Disk_that_lies_says_that_it_has_flushed()
    {
        var lost = false;
        foreach (var disk in Disks())
        {
            disk.IsLying = true;
            Write(disk, "data/a", "hello", flush: true);
            disk.SyncFolder("data");
            disk.Crash();
            lost |= !disk.FileExists("data/a");
        }

        lost.ShouldBeTrue();
    }

    [Fact]
    public void Full_disk_takes_what_needs_no_room()
    {
        var disk = Disks().First();
        Write(disk, "data/a", "hello");
        disk.IsFull = true;
        using var file = disk.Open("data/a");
        file.Write("J"u8, 0);
        Should.Throw<IOException>(() => file.Write("p!!!"u8, 4));
        disk.ReadAll("data/a").ShouldBe("Jellp"u8.ToArray());
        Should.Throw<IOException>(() => disk.Open("data/b"));
        Should.Throw<IOException>(() => disk.CreateFolder("data/sub"));
        file.Cut(1);
        disk.Move("data/a", "data/b");
    }

    [Fact]
    public void Flush_after_one_that_failed_does_not_bring_back_what_that_one_gave_up()
    {
        var lost = false;
        foreach (var disk in Disks())
        {
            using var file = disk.Open("data/a");
            disk.SyncFolder("data");
            file.Write("hello"u8, 0);
            disk.FailsOneIn = 1;
            Should.Throw<IOException>(file.Flush);
            disk.FailsOneIn = 0;
            file.Flush();
            disk.ReadAll("data/a").ShouldBe("hello"u8.ToArray(), "it is still read from memory");
            disk.Crash();
            lost |= disk.Length("data/a") == 0;
        }

        lost.ShouldBeTrue();
    }

    [Fact]
    public void Stopped_disk_does_nothing_until_it_is_started_anew()
    {
        var happened = new HashSet<bool>();
        foreach (var disk in Disks())
        {
            disk.StopsAt = disk.Operations + 1;
            Should.Throw<DiskStoppedException>(() => disk.Open("data/a"));
            Should.Throw<DiskStoppedException>(() => disk.Files("data"));
            disk.ProcessDied();
            happened.Add(disk.FileExists("data/a"));
        }

        happened.Count.ShouldBe(2, "the last operation happens or not");
    }

    [Fact]
    public void Flipped_bit_stays_flipped_and_time_is_owed()
    {
        var disk = Disks().First();
        disk.Costs = new DiskCosts(TimeSpan.FromMicroseconds(1), TimeSpan.FromMicroseconds(10), TimeSpan.FromMicroseconds(100));
        Write(disk, "data/a", "a", flush: true);
        disk.SyncFolder("data");
        disk.Owed.TotalMicroseconds.ShouldBe(220);
        disk.FlipBit("data/a", 1);
        disk.Crash();
        disk.ReadAll("data/a").ShouldBe("c"u8.ToArray());
    }

    private static IEnumerable<SimDisk> Disks()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var disk = new SimDisk(new Random(seed));
            disk.CreateFolder("data");
            yield return disk;
        }
    }

    private static void Write(SimDisk disk, string path, string text, bool flush = false)
    {
        using var file = disk.Open(path);
        file.Write(System.Text.Encoding.ASCII.GetBytes(text), 0);
        if (flush)
            file.Flush();
    }
}
