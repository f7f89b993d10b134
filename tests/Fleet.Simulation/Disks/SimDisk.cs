using Fleet.Shared.Shell;

namespace Fleet.Simulation.Disks;

/// <summary>
/// A disk in memory, as mean as the law of <see cref="IDisk"/> allows: after a power failure anything that was not synced is there, or not, or in
/// part. What it does is decided by the random numbers it is given, so that one seed gives one story. It takes no time; what it would have taken adds
/// up in <see cref="Owed"/>.
/// </summary>
public sealed class SimDisk(Random chance) : IDisk
{
    /// <summary>Tests of waiting candidates come from several threads.</summary>
    private readonly Lock _gate = new();

    private readonly SortedDictionary<string, SimFolder> _folders = new(StringComparer.Ordinal);
    private int _life;
    private bool _stopped;

    public DiskCosts Costs { get; set; }

    /// <summary>The time of all work so far; whoever charges it takes it off.</summary>
    public TimeSpan Owed { get; set; }

    /// <summary>Flushes and syncs say that they are done, and do nothing.</summary>
    public bool IsLying { get; set; }

    /// <summary>No file grows, and none is made.</summary>
    public bool IsFull { get; set; }

    /// <summary>
    /// One in so many operations fails: 1 for all, 0 for none. A write that fails may have written a part, and a flush that fails gives up what it
    /// should have written.
    /// </summary>
    public int FailsOneIn { get; set; }

    /// <summary>How many times something was asked of it.</summary>
    public long Operations { get; private set; }

    /// <summary>
    /// From this operation on, which happens or not, everything throws <see cref="DiskStoppedException"/> until <see cref="Crash"/> or
    /// <see cref="ProcessDied"/>.
    /// </summary>
    public long? StopsAt { get; set; }

    /// <summary>The power has failed and is back: the process has ended, and of what was not synced anything may be left.</summary>
    public void Crash()
    {
        lock (_gate)
        {
            ProcessDied();
            foreach (var folder in _folders.Values)
                folder.Crash(chance);
            // A file whose name was brought back has its changes to lose as well.
            foreach (var file in _folders.Values.SelectMany(folder => folder.Names.Values).Distinct())
                file.Crash(chance);
        }
    }

    /// <summary>The process was killed: what it wrote is there, its locks and open files are gone.</summary>
    public void ProcessDied()
    {
        lock (_gate)
        {
            _life++;
            (_stopped, StopsAt) = (false, null);
            foreach (var file in _folders.Values.SelectMany(folder => folder.Names.Values))
                file.IsLocked = false;
        }
    }

    /// <summary>Nobody asked for it: a bit of what is stored turns.</summary>
    public void FlipBit(string path, long bit)
    {
        lock (_gate)
            Found(path).Flip(bit);
    }

    public bool FileExists(string path) =>
        Do(Costs.Read, () => _folders.TryGetValue(FolderOf(path), out var folder) && folder.Names.ContainsKey(NameOf(path)));

    public IReadOnlyList<string> Files(string folder) =>
        Do<IReadOnlyList<string>>(Costs.Read, () => _folders.TryGetValue(Plain(folder), out var found) ? [.. found.Names.Keys] : []);

    public long Length(string path) => Do(Costs.Read, () => Found(path).Length);

    public byte[] ReadAll(string path) => Do(Costs.Read, () => Found(path).Read());

    public IDiskFile Open(string path) => Do(Costs.Write, () => new OpenFile(this, FoundOrMade(path)));

    public void Move(string from, string to) => Do(Costs.Write, () =>
    {
        var file = Found(from);
        var (source, target) = (FolderFor(from), FolderFor(to));
        if (source == target)
        {
            source.Rename(NameOf(from), NameOf(to));
            return file;
        }

        source.Remove(NameOf(from));
        target.Add(NameOf(to), file);
        return file;
    });

    public void Delete(string path) => Do(Costs.Write, () =>
    {
        if (_folders.TryGetValue(FolderOf(path), out var folder))
            folder.Remove(NameOf(path));
        return folder;
    });

    public void CreateFolder(string path) => Do(Costs.Flush, () =>
    {
        var missing = new List<string>();
        for (var folder = Plain(path); folder.Length > 0 && !_folders.ContainsKey(folder); folder = FolderOf(folder))
        {
            if (_folders.TryGetValue(FolderOf(folder), out var above) && above.Names.ContainsKey(NameOf(folder)))
                throw new IOException($"{folder} is a file.");
            missing.Add(folder);
        }

        if (IsFull && missing.Count > 0)
            throw new IOException("No space left on device");
        foreach (var folder in missing)
            _folders[folder] = new SimFolder();
        return true;
    });

    public void SyncFolder(string path) => Do(Costs.Flush, () =>
    {
        var folder = _folders.GetValueOrDefault(Plain(path)) ?? throw new DirectoryNotFoundException($"There is no folder {path}.");
        if (!IsLying)
            folder.Sync();
        return true;
    });

    public IDisposable? TryLock(string path, string text) => Do<IDisposable?>(Costs.Write, () =>
    {
        var file = FoundOrMade(path);
        if (file.IsLocked)
            return null;
        file.Cut(0);
        Write(file, System.Text.Encoding.UTF8.GetBytes(text + "\n"), 0);
        file.IsLocked = true;
        return new Locked(this, file);
    });

    private static string Plain(string path) => path.TrimEnd('/');

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? "";

    private static string NameOf(string path) => Path.GetFileName(path);

    private T Do<T>(TimeSpan cost, Func<T> act, Action? whenFailing = null)
    {
        lock (_gate)
        {
            if (_stopped)
                throw new DiskStoppedException();
            Operations++;
            Owed += cost;
            _stopped = StopsAt is { } at && Operations >= at;
            if (!_stopped && FailsOneIn > 0 && chance.Next(FailsOneIn) == 0)
            {
                whenFailing?.Invoke();
                throw new IOException("Input/output error");
            }

            var done = _stopped && chance.Next(2) == 0 ? default! : act();
            return _stopped ? throw new DiskStoppedException() : done;
        }
    }

    private SimFolder FolderFor(string path) =>
        _folders.GetValueOrDefault(FolderOf(path)) ?? throw new DirectoryNotFoundException($"There is no folder for {path}.");

    private SimFile Found(string path) => _folders.GetValueOrDefault(FolderOf(path))?.Names.GetValueOrDefault(NameOf(path))
        ?? throw (_folders.ContainsKey(path) ? new UnauthorizedAccessException($"{path} is a folder.")
            : new FileNotFoundException($"There is no file {path}.", path));

    private SimFile FoundOrMade(string path)
    {
        if (_folders.ContainsKey(path))
            throw new UnauthorizedAccessException($"{path} is a folder.");
        var folder = FolderFor(path);
        if (folder.Names.TryGetValue(NameOf(path), out var file))
            return file;
        if (IsFull)
            throw new IOException("No space left on device");
        folder.Add(NameOf(path), file = new SimFile());
        return file;
    }

    private void Write(SimFile file, ReadOnlySpan<byte> bytes, long offset)
    {
        var fits = IsFull ? (int)Math.Clamp(file.Length - offset, 0, bytes.Length) : bytes.Length;
        file.Write(bytes[..fits], (int)offset);
        if (fits < bytes.Length)
            throw new IOException("No space left on device");
    }

    private sealed class OpenFile(SimDisk disk, SimFile file) : IDiskFile
    {
        private readonly int _life = disk._life;

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            var copy = bytes.ToArray();
            Do(
                disk.Costs.Write,
                () => disk.Write(file, copy, offset),
                () => disk.Write(file, copy.AsSpan(0, disk.NextBelow(copy.Length + 1)), offset));
        }

        public void Flush() => Do(
            disk.Costs.Flush,
            () =>
            {
                if (!disk.IsLying)
                    disk.Flush(file);
            },
            file.FailFlush);

        public void Cut(long length) => Do(disk.Costs.Write, () => file.Cut((int)length));

        public void Dispose()
        {
            // Nothing is kept that closing would have to write.
        }

        private void Do(TimeSpan cost, Action act, Action? whenFailing = null) => disk.Do(
            cost,
            () =>
            {
                if (_life != disk._life)
                    throw new InvalidOperationException("The process that opened this file has ended.");
                act();
                return true;
            },
            whenFailing);
    }

    private int NextBelow(int end) => chance.Next(end);

    private void Flush(SimFile file) => file.Flush(chance);

    private sealed class Locked(SimDisk disk, SimFile file) : IDisposable
    {
        private readonly int _life = disk._life;
        private bool _over;

        public void Dispose()
        {
            lock (disk._gate)
            {
                if (!_over && _life == disk._life)
                    file.IsLocked = false;
                _over = true;
            }
        }
    }
}
