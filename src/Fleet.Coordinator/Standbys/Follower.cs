using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Standbys;

/// <summary>
/// Folds the journal while another coordinator leads, so that this one begins a term without replaying it, and can answer what is read. It decides
/// nothing and writes nothing.
/// </summary>
/// <param name="snapshotEvery">How often a leader saves a snapshot, in entries.</param>
/// <param name="record">Called with each entry, after it has been folded.</param>
internal sealed partial class Follower(IFleetStore store, int snapshotEvery, Action<JournalEntry> record, TimeProvider time, ILogger<Follower> log)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    /// <summary>When no entry has come for so long, it has caught up: longer than a store takes for one more page of a long history.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    /// <summary>So many entries at once come from a page of a long history, and more are to be expected.</summary>
    private const int Burst = 100;

    private readonly Lock _beginning = new();
    private volatile Followed? _newest;
    private TimeSpan _pause = PauseMin;
    private bool _mustLoad = true;
    private Task _loading = Task.CompletedTask;

    /// <summary>What has been folded so far; null until the newest snapshot has been read.</summary>
    public Followed? Newest => _newest;

    /// <summary>Returns when no snapshot is being read.</summary>
    public async Task LoadedAsync()
    {
        Task loading;
        // Or whoever asks while the reading begins would not see it.
        lock (_beginning)
            loading = _loading;
        await loading.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Runs until it is cancelled. Throws what a leader would end for as well: a damaged journal, a broken invariant.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await Begin(cancellation);
                await TailAsync(cancellation);
            }
            catch (OvertakenException e)
            {
                LogOvertaken(e.Message);
                _mustLoad = true;
            }
            catch (StoreUnreachableException e)
            {
                LogUnreachable(_newest?.Revision ?? 0, e.Message);
            }

            await Task.Delay(_pause, time, cancellation);
            _pause = _pause * 2 < PauseMax ? _pause * 2 : PauseMax;
        }
    }

    private Task Begin(CancellationToken cancellation)
    {
        lock (_beginning)
            return _loading = LoadAsync(cancellation);
    }

    /// <summary>After a pause of the store the tail goes on where it was: a snapshot is read only when there is no other way.</summary>
    private async Task LoadAsync(CancellationToken cancellation)
    {
        if (!_mustLoad)
            return;
        var snapshot = await store.LoadSnapshotAsync(cancellation);
        if (snapshot is not null && snapshot.Map.Version.Revision > (_newest?.Revision ?? 0))
            _newest = new Followed(Readmission.Whole(snapshot), snapshot.Map.Version.Revision, _newest?.Services ?? CheckedServices.None);
        else
            _newest ??= Followed.Nothing;
        _mustLoad = false;
    }

    /// <summary>What a takeover needs is made whenever it has caught up, and not on the way.</summary>
    private async Task TailAsync(CancellationToken cancellation)
    {
        var (read, hasCaughtUp) = (0, false);
        await using var entries = store.TailAsync(_newest!.Revision + 1, cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            var more = entries.MoveNextAsync().AsTask();
            if (!more.IsCompleted)
            {
                hasCaughtUp = hasCaughtUp || read is > 0 and < Burst || await IsQuietAsync(more, cancellation);
                if (hasCaughtUp)
                    _newest = _newest.Ready();
                read = 0;
            }

            if (!await more)
                return;
            read++;
            _newest = _newest.Next(entries.Current, snapshotEvery);
            record(entries.Current);
            _pause = PauseMin;
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>False as soon as there is more.</summary>
    private async Task<bool> IsQuietAsync(Task more, CancellationToken cancellation)
    {
        using var quiet = new Deadline(time, Quiet, cancellation);
        return await Task.WhenAny(more, quiet.EndedAsync()) != more && !cancellation.IsCancellationRequested;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This follower was too slow: {Reason}")]
    private partial void LogOvertaken(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The journal cannot be followed beyond revision {Revision} now: {Reason}")]
    private partial void LogUnreachable(long revision, string reason);
}

/// <summary>What a follower has folded of the journal.</summary>
/// <param name="Snapshot">The newest revision of which the leader has saved a snapshot, as far as can be told without looking.</param>
/// <param name="Services">What has been found out about the services, or about earlier ones.</param>
internal sealed record Followed(FleetState State, long Snapshot, CheckedServices Services)
{
    public static readonly Followed Nothing = new(FleetState.Empty, 0, CheckedServices.None);

    public long Revision => State.Map.Version.Revision;

    /// <param name="snapshotEvery">How often a leader saves a snapshot, in entries.</param>
    public Followed Next(JournalEntry entry, int snapshotEvery) => this with
    {
        State = Evolver.Evolve(State, Readmission.Whole(entry)),
        Snapshot = entry.Revision - Snapshot < snapshotEvery ? Snapshot : entry.Revision,
    };

    /// <summary>With all that a term begins with and that takes the longer the larger the fleet is.</summary>
    public Followed Ready()
    {
        _ = State.Vips;
        var services = Services.Follow(State.Map.Services);
        return ReferenceEquals(services, Services) ? this : this with { Services = services };
    }
}
