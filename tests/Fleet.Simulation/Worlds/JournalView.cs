using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Shell;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// What the store has acknowledged, as seen from outside all processes, and the checker of it: what was acknowledged is there, unchanged, whenever it
/// is read again, and terms and revisions only grow.
/// </summary>
public sealed class JournalView(World world)
{
    private readonly List<string> _texts = [];

    private World World => world;

    internal FleetState Folded { get; private set; } = FleetState.Empty;

    internal ImmutableArray<JournalEntry> Entries { get; private set; } = [];

    /// <summary>How long a write to stable storage takes, microseconds.</summary>
    public (int Least, int Most) AppendMicros
    {
        get => world.StoreTrouble.WriteMicros;
        set => world.StoreTrouble.WriteMicros = value;
    }

    /// <summary>The coordinator's disk fails, or the store that several share is away.</summary>
    public bool IsUnreachable
    {
        get => world.Storage is null ? world.Coordinator.Disk.FailsOneIn == 1 : world.StoreTrouble.IsAway;
        set
        {
            if (world.Storage is null)
                world.Coordinator.Disk.FailsOneIn = value ? 1 : 0;
            else
                world.StoreTrouble.IsAway = value;
        }
    }

    public bool IsFull
    {
        get => world.Storage?.IsFull ?? world.Coordinator.Disk.IsFull;
        set
        {
            if (world.Storage is { } storage)
                storage.IsFull = value;
            else
                world.Coordinator.Disk.IsFull = value;
        }
    }

    internal static string Text(FleetState state) => JsonSerializer.Serialize(state, JournalJson.Default.FleetState);

    /// <summary>The real store, looked at by the process that uses it; leadership is as long as the world's election grants it.</summary>
    internal IFleetStore Watch(IFleetStore store, ProcessLife life, MonotonicClock clock) => new Watched(store, this, life, clock);

    private void Acknowledge(JournalEntry entry)
    {
        if (world.Storage is not null)
        {
            Find(entry);
            return;
        }

        if (entry.Revision <= Entries.Length)
            throw new CheckFailedException(
                world,
                $"Revision {entry.Revision} of term {entry.Term} is written over {Entries[(int)entry.Revision - 1].Version}, which was "
                + $"acknowledged.");
        Take(entry);
    }

    /// <summary>Found in the journal: acknowledged before, or written by a coordinator that died before it knew.</summary>
    private void Find(JournalEntry entry)
    {
        var text = JsonSerializer.Serialize(entry, JournalJson.Default.JournalEntry);
        if (entry.Revision > Entries.Length && world.Storage is not null)
            throw new CheckFailedException(world, $"Revision {entry.Revision} of term {entry.Term} was acknowledged and is not in the store.");
        if (entry.Revision > Entries.Length)
            Take(entry);
        else if (_texts[(int)entry.Revision - 1] != text)
            throw new CheckFailedException(
                world, $"Revision {entry.Revision} was acknowledged as\n{_texts[(int)entry.Revision - 1]}\nand is now\n{text}");
    }

    /// <summary>It is in the journal from now on.</summary>
    internal void Take(JournalEntry entry)
    {
        if (entry.Revision != Entries.Length + 1)
            throw new CheckFailedException(world, $"Revision {entry.Revision} follows revision {Entries.Length}.");
        if (Entries is [.., var last] && entry.Term < last.Term)
            throw new CheckFailedException(world, $"An entry of term {entry.Term} follows one of term {last.Term}.");
        _texts.Add(JsonSerializer.Serialize(entry, JournalJson.Default.JournalEntry));
        Entries = Entries.Add(entry);
        Folded = Evolver.Evolve(Folded, JsonSerializer.Deserialize(_texts[^1], JournalJson.Default.JournalEntry)!);
        world.Noticed(entry);
    }

    private sealed class Watched(IFleetStore store, JournalView view, ProcessLife life, MonotonicClock clock) : IFleetStore
    {
        public async Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation)
        {
            var leadership = await store.CampaignAsync(candidate, cancellation);
            if (view.Entries is [.., var last] && leadership.Term <= last.Term)
                throw new CheckFailedException(view.World, $"Term {leadership.Term} begins after an entry of term {last.Term}.");
            view.World.Rights.Begin(leadership, life);
            return await view.World.Election.CampaignAsync(leadership, life, clock);
        }

        public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => store.LeaderAsync(cancellation);

        public Task DeposeAsync(long term, CancellationToken cancellation) => store.DeposeAsync(term, cancellation);

        public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
        {
            await store.AppendAsync(entry, cancellation);
            view.Acknowledge(entry);
        }

        public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var entry in store.ReadAsync(fromRevision, cancellation))
            {
                view.Find(entry);
                yield return entry;
            }
        }

        public async IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var entry in store.TailAsync(fromRevision, cancellation))
            {
                if (view.World.Storage is not null)
                    view.Find(entry);
                yield return entry;
            }
        }

        public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) => store.SaveSnapshotAsync(state, cancellation);

        public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => store.LoadSnapshotAsync(cancellation);

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}
