using Fleet.Coordinator.Stores;
using Fleet.Shared.Shell;
using Fleet.Simulation.Net;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Stores;

/// <summary>
/// The way from one process to the store, over the simulated network: slow, cut, one-sided, and silent about what came of a call. Attempts have a
/// time-out, as those of the product have.
/// </summary>
internal sealed class StoreWire : IStoreWire
{
    /// <summary>The store's host, as the network calls it.</summary>
    public const string Store = "store";

    /// <summary>Nothing is carried out so long after it was sent, microseconds.</summary>
    public const long UnderWayMax = 6_000_000;

    private const long ResendEvery = 100_000;

    private static readonly TimeSpan AttemptMax = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WatchMax = TimeSpan.FromMilliseconds(500);

    private readonly World _world;
    private readonly SimStorage _storage;
    private readonly string _host;
    private readonly ProcessLife _life;
    private readonly MonotonicClock _clock;
    private readonly List<TaskCompletionSource> _watches = [];

    public StoreWire(World world, SimStorage storage, string host, ProcessLife life, MonotonicClock clock)
    {
        (_world, _storage, _host, _life, _clock) = (world, storage, host, life, clock);
        storage.Followers.Add(Tell);
        life.AtDeath(() => storage.Followers.Remove(Tell));
    }

    private StoreTrouble Trouble => _world.StoreTrouble;

    private Network Network => _world.Network;

    private Random Chance => _world.Chance;

    public async Task<T> CallAsync<T>(Func<long, T> carryOut, bool isWrite, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var bound = new Deadline(_clock.Time, AttemptMax, cancellation);
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var off = bound.Token.Register(() => answer.TrySetCanceled(bound.Token));
        var sent = _world.Now;
        After(Way(_host, Store), () => Arrive(new Call<T>(sent, () => carryOut(sent), isWrite, answer)));
        try
        {
            return await answer.Task;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new StoreUnreachableException($"The store has not answered within {AttemptMax.TotalMilliseconds} ms.");
        }
    }

    public async Task ChangedAsync(long seen, CancellationToken cancellation)
    {
        if (_storage.Changes > seen)
            return; // It is told with the next call.
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _watches.Add(changed);
        using var bound = new Deadline(_clock.Time, WatchMax, cancellation);
        using var off = bound.Token.Register(() => changed.TrySetResult());
        await changed.Task;
        _watches.Remove(changed);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Whoever watches is told, unless the way is cut: then the watch ends by itself.</summary>
    private void Tell()
    {
        foreach (var watch in _watches.ToArray())
        {
            After(Way(Store, _host), () =>
            {
                if (!Network.IsCut(Store, _host) && !Trouble.IsAway)
                    _life.Run(() => watch.TrySetResult());
            });
        }
    }

    /// <summary>TCP sends anew what is lost, also for somebody who does not wait any more.</summary>
    private void Arrive<T>(Call<T> call)
    {
        if (_world.Now - call.Sent > UnderWayMax)
            return;
        if (Network.IsCut(_host, Store) || (Trouble.IsAway && !Trouble.Refuses))
        {
            if (Chance.Next(10) > 0)
                After(ResendEvery, () => Arrive(call));
            return;
        }

        if (Trouble.IsAway)
            Answer(call, () => call.Answer.TrySetException(NotAvailable()));
        else if (Trouble.Ambiguous > 0 && Chance.NextDouble() < Trouble.Ambiguous)
            Muddle(call);
        else
            Later(call, Takes(call.IsWrite), () => Answer(call, CarryOut(call)));
    }

    private long Takes(bool isWrite) => isWrite ? Chance.Next(Trouble.WriteMicros.Least, Trouble.WriteMicros.Most + 1) : 0;

    /// <summary>A store that is away by then does nothing: the call waits, as all others do.</summary>
    private void Later<T>(Call<T> call, long micros, Action carryOut) => After(micros, () =>
    {
        if (Trouble.IsAway)
            Arrive(call);
        else
            carryOut();
    });

    /// <summary>It is carried out, and nobody hears; or later, after whoever asked has given up; or never.</summary>
    private void Muddle<T>(Call<T> call)
    {
        switch (Chance.Next(3))
        {
            case 0:
                _world.Tally.Count("store-did-and-did-not-say");
                CarryOut(call);
                break;
            case 1:
                Later(call, Chance.Next(10_000, 3_000_000), () =>
                {
                    _world.Tally.Count("store-did-later");
                    CarryOut(call);
                });
                break;
            default:
                _world.Tally.Count("store-did-not");
                break;
        }
    }

    private static StoreUnreachableException NotAvailable() => new("The store is not available.") { IsSurelyNotWritten = true };

    private Action CarryOut<T>(Call<T> call)
    {
        try
        {
            var result = call.CarryOut();
            return () => call.Answer.TrySetResult(result);
        }
        catch (Exception e) when (e is FencedException or OvertakenException or StoreUnreachableException or ArgumentException)
        {
            if (e is OvertakenException)
                _world.Tally.Count("follower-overtaken");
            return () => call.Answer.TrySetException(e);
        }
    }

    private void Answer<T>(Call<T> call, Action give) => After(Way(Store, _host), () => Return(call, give));

    private void Return<T>(Call<T> call, Action give)
    {
        if (call.Answer.Task.IsCompleted || _life.IsDead)
            return;
        if (Network.IsCut(Store, _host))
            After(ResendEvery, () => Return(call, give));
        else
            _life.Run(give);
    }

    /// <summary>Microseconds.</summary>
    private long Way(string from, string to) => Network.Latency(from, to) + (Trouble.SlowMs > 0 ? Chance.Next(Trouble.SlowMs * 1000) : 0);

    private void After(long micros, Action what) => _world.Scheduler.After(micros, what);

    private sealed record Call<T>(long Sent, Func<T> CarryOut, bool IsWrite, TaskCompletionSource<T> Answer);
}
