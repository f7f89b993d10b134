namespace Fleet.Simulation.Disks;

/// <summary>The names in one folder: those that programs see, those on stable storage, and the changes in between.</summary>
internal sealed class SimFolder
{
    private readonly List<(string? Gone, string? Name, SimFile? File)> _unsynced = [];
    private SortedDictionary<string, SimFile> _stable = new(StringComparer.Ordinal);

    public SortedDictionary<string, SimFile> Names { get; private set; } = new(StringComparer.Ordinal);

    public void Add(string name, SimFile file)
    {
        Names[name] = file;
        _unsynced.Add((null, name, file));
    }

    public void Remove(string name)
    {
        if (Names.Remove(name))
            _unsynced.Add((name, null, null));
    }

    /// <summary>One change: after a crash it has the one name or the other.</summary>
    public void Rename(string from, string to)
    {
        Names.Remove(from, out var file);
        Names[to] = file!;
        _unsynced.Add((from, to, file));
    }

    public void Sync()
    {
        _unsynced.Clear();
        _stable = new(Names, StringComparer.Ordinal);
    }

    /// <summary>The power has failed: each change since the last sync is there or not.</summary>
    public void Crash(Random chance)
    {
        foreach (var (gone, name, file) in _unsynced)
        {
            if (chance.Next(2) == 0)
                continue;
            if (gone is not null)
                _stable.Remove(gone);
            if (name is not null)
                _stable[name] = file!;
        }

        _unsynced.Clear();
        Names = new(_stable, StringComparer.Ordinal);
    }
}
