using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;

namespace Fleet.Simulation.Worlds;

/// <summary>The journal on a simulated disk: text, as on a real one. It survives coordinators, takes its time, and may be unreachable.</summary>
public sealed class SimStore
{
    private readonly List<string> lines = [];
    private long term;

    /// <summary>Writes fail, and write nothing.</summary>
    public bool IsUnreachable { get; set; }

    /// <summary>How long an append takes, microseconds.</summary>
    public (int Least, int Most) AppendMicros { get; set; } = (100, 1500);

    public FleetState Folded { get; private set; } = FleetState.Empty;

    public ImmutableArray<JournalEntry> Entries { get; private set; } = [];

    public long Campaign()
    {
        if (IsUnreachable)
            throw new StoreUnreachableException("the disk does not answer");
        return ++term;
    }

    public void Append(JournalEntry entry)
    {
        if (IsUnreachable)
            throw new StoreUnreachableException("the disk does not answer");
        if (entry.Term < term)
            throw new FencedException(entry.Term, term);
        entry.Revision.ShouldBe(lines.Count + 1, "entries must follow one another");
        var line = JsonSerializer.Serialize(entry, JournalJson.Default.JournalEntry);
        lines.Add(line);
        var read = JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry)!;
        Entries = Entries.Add(read);
        Folded = Evolver.Evolve(Folded, read);
    }

    /// <summary>What a coordinator that starts reads: every line, from the first.</summary>
    public FleetState Read() =>
        lines.Select(line => JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry)!).Aggregate(FleetState.Empty, Evolver.Evolve);

    public static string Text(FleetState state) => JsonSerializer.Serialize(state, JournalJson.Default.FleetState);
}
