using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Testing;
using Fleet.Shared.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Simulation.Disks;

/// <summary>
/// A file store's lives on one disk, one process after the other. Whatever a store has acknowledged, or has shown to a reader who leads, is
/// remembered here, and every later life is held to it.
/// </summary>
internal sealed class StoreStory(SimDisk disk, Random chance)
{
    private static readonly FileStoreOptions Options = FileStoreOptions.Default with { SegmentBytesMax = 3000, EntriesKept = 4 };

    private readonly Dictionary<long, string> _told = [];
    private long _term;
    private long _last;

    /// <summary>The text of the entry after the last, while nobody knows what became of it.</summary>
    private string? _doubted;

    /// <summary>Begins a life, looks that nothing is missing, and goes on for some steps.</summary>
    /// <param name="troubles">The disk fails or is full for some of them.</param>
    /// <exception cref="DiskStoppedException">The life ended by it.</exception>
    public async Task LiveAsync(int steps, bool troubles)
    {
        var store = new FileFleetStore("data", Options, disk, new ImmediateAside(), new FakeTime(), NullLogger<FileFleetStore>.Instance);
        await LeadAsync(store);
        await CheckAsync(store);
        for (var step = 0; step < steps; step++)
        {
            (disk.FailsOneIn, disk.IsFull) = troubles ? (chance.Next(8) switch { 0 => 1, 1 => 3, 2 => 6, _ => 0 }, chance.Next(8) == 0) : (0, false);
            await StepAsync(store);
        }

        (disk.FailsOneIn, disk.IsFull) = (0, false);
        if (_doubted is not null)
            await ResolveAsync(store);
        await CheckAsync(store);
        await store.DisposeAsync();
    }

    private async Task StepAsync(FileFleetStore store)
    {
        try
        {
            if (_doubted is not null)
                await ResolveAsync(store);
            else if (chance.Next(6) == 0 && _last > 0)
                await store.SaveSnapshotAsync(Samples.State(_last, _term), default);
            else if (chance.Next(30) == 0)
                await LeadAsync(store);
            else
                await AppendAsync(store);
        }
        catch (StoreUnreachableException)
        {
            // The disk's trouble; what it means for an entry is seen to where that is written.
        }
    }

    private async Task LeadAsync(FileFleetStore store)
    {
        long next;
        try
        {
            next = await store.CampaignAsync("c", default);
        }
        catch (StoreUnreachableException)
        {
            (disk.FailsOneIn, disk.IsFull) = (0, false);
            next = await store.CampaignAsync("c", default);
        }

        next.ShouldBeGreaterThan(_term);
        _term = next;
    }

    private async Task AppendAsync(FileFleetStore store)
    {
        var entry = Samples.Entry(_last + 1, _term)
            with
        { By = Principal.System(new string('x', chance.Next(3) switch { 0 => 0, 1 => 600, _ => chance.Next(2000) })) };
        _doubted = entry.Text();
        try
        {
            await store.AppendAsync(entry, default);
        }
        catch (StoreUnreachableException e) when (e.IsSurelyNotWritten)
        {
            _doubted = null;
            throw;
        }

        Learn(entry);
    }

    /// <summary>What a leader does after a write of which nobody knows: it reads, and believes what it reads for good.</summary>
    private async Task ResolveAsync(FileFleetStore store)
    {
        await foreach (var entry in store.ReadAsync(_last + 1, default))
            Learn(entry);
        _doubted = null;
    }

    private async Task CheckAsync(FileFleetStore store)
    {
        var snapshot = (await store.LoadSnapshotAsync(default))?.Map.Version.Revision ?? 0;
        snapshot.ShouldBeLessThanOrEqualTo(_last);
        var next = 0L;
        await foreach (var entry in store.ReadAsync(1, default))
        {
            entry.Revision.ShouldBe(next == 0 ? entry.Revision : next, "entries follow one another");
            next = entry.Revision + 1;
            if (entry.Revision > _last)
                Learn(entry);
            entry.Text().ShouldBe(_told[entry.Revision], $"entry {entry.Revision} is what was acknowledged");
        }

        _doubted = null;
        Math.Max(snapshot, next - 1).ShouldBe(_last, "no acknowledged entry is missing");
    }

    private void Learn(JournalEntry entry)
    {
        entry.Revision.ShouldBe(_last + 1);
        entry.Text().ShouldBe(_doubted, "nobody else writes");
        _told[++_last] = entry.Text();
        _doubted = null;
    }
}
