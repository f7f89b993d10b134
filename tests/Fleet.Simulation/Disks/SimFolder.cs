namespace Fleet.Simulation.Disks;

/// <summary>The names in one folder: those that programs see, those on stable storage, and the changes in between.</summary>
internal sealed class SimFolder
{
    private readonly List<(string? Gone, string? Name, SimFile? File)> unsynced = [];
    private SortedDictionary<string, SimFile> stable = new(StringComparer.Ordinal);

    public SortedDictionary<string, SimFile> Names { get; private set; } = new(StringComparer.Ordinal);

    public void Add(string name, SimFile file)
    {
        Names[name] = file;
        unsynced.Add((null, name, file));
    }

    public void Remove(string name)
    {
        if (Names.Remove(name))
            unsynced.Add((name, null, null));
    }

    /// <summary>One change: after a crash it has the one name or the other.</summary>
    public void Rename(string from, string to)
    {
        Names.Remove(from, out var file);
        Names[to] = file!;
        unsynced.Add((from, to, file));
    }

    public void Sync()
    {
        unsynced.Clear();
        stable = new(Names, StringComparer.Ordinal);
    }

    /// <summary>The power has failed: each change since the last sync is there or not.</summary>
    public void Crash(Random chance)
    {
        foreach (var (gone, name, file) in unsynced)
        {
            if (chance.Next(2) == 0)
                continue;
            if (gone is not null)
                stable.Remove(gone);
            if (name is not null)
                stable[name] = file!;
        }

        unsynced.Clear();
        Names = new(stable, StringComparer.Ordinal);
    }
}
