using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;

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

    private volatile Followed? _newest;
    private TimeSpan _pause = PauseMin;
    private bool _mustLoad = true;
    private Task _loading = Task.CompletedTask;

    /// <summary>What has been folded so far; null until the newest snapshot has been read.</summary>
    public Followed? Newest => _newest;

    /// <summary>It has begun, and there is something that it could have read already.</summary>
    public bool IsCatchingUp { get; private set; }

    /// <summary>Returns when no snapshot is being read.</summary>
    public async Task LoadedAsync() =>
        await _loading.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Runs until it is cancelled. Throws what a leader would end for as well: a damaged journal, a broken invariant.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                IsCatchingUp = true;
                await (_loading = LoadAsync(cancellation));
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

    private async Task TailAsync(CancellationToken cancellation)
    {
        await using var entries = store.TailAsync(_newest!.Revision + 1, cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            var more = entries.MoveNextAsync();
            // While entries are there at once it catches up: what a takeover needs is made when none is.
            IsCatchingUp = more.IsCompleted;
            if (!IsCatchingUp)
                _newest = _newest.Ready();
            if (!await more)
                return;
            _newest = _newest.Next(entries.Current, snapshotEvery);
            record(entries.Current);
            _pause = PauseMin;
            cancellation.ThrowIfCancellationRequested();
        }
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
