using Fleet.Coordinator.Journal;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// A store in etcd while nobody leads in it. The key <c>closed</c> is its lock: it is only set where there is no leader, a campaign compares that it
/// is not there, and an import compares in each transaction that it is its own.
/// </summary>
internal sealed class EtcdStoreKeeper : IStoreKeeper
{
    /// <summary>Nobody leads and no lease runs while it is asked: an operator waits for a busy member rather than begin anew.</summary>
    private const int Patience = 4;

    private readonly EtcdSettings _settings;
    private readonly EtcdKeys _keys;
    private readonly EtcdClient _client;
    private readonly EtcdEntries _entries;

    public EtcdStoreKeeper(EtcdSettings settings, IDisk disk, TimeProvider time, ILogger<EtcdStoreKeeper> log)
    {
        _settings = settings;
        _keys = new EtcdKeys(settings.Prefix);
        _client = new EtcdClient(settings with { AttemptTimeout = settings.AttemptTimeout * Patience }, disk, time, log);
        _entries = new EtcdEntries(_client, _keys, new EtcdChunks(_client, _keys));
    }

    public string Place => PlaceOf(_settings);

    public static string PlaceOf(EtcdSettings settings) => $"etcd {string.Join(',', settings.Endpoints)} below {settings.Prefix}";

    public Task<StoreLook> LookAsync(CancellationToken cancellation) => InEtcdAsync("look into it", () => LookedAsync(cancellation));

    public Task CloseAsync(StoreClosure closure, CancellationToken cancellation) => InEtcdAsync("close it", async () =>
    {
        var answer = await SetAsync(closure, [TxnCompare.Created(_keys.Closed, 0)], cancellation);
        if (answer.Found(1) is null && !answer.Succeeded)
            throw StoreRefusedException.Led(Place, NameOf(answer.Found(0)));
        return true;
    });

    public Task ReopenAsync(CancellationToken cancellation) => InEtcdAsync("reopen it", () =>
        _client.TxnAsync(new TxnRequest([], [new DeleteRangeRequest(_keys.Closed)], []), true, cancellation));

    /// <inheritdoc/>
    public Task WriteAsync(WholeHistory history, StoreClosure import, Action<long> written, CancellationToken cancellation) =>
        InEtcdAsync("import into it", async () =>
        {
            var look = await LookedAsync(cancellation);
            if (look.Closed is { IsImport: false })
                throw new StoreClosedException(Place, look.Closed);
            await BeginAsync(look, import, cancellation);
            await new EtcdImport(_client, _keys, import).WriteAsync(history, Math.Max(look.Term, history.Term), written, cancellation);
            return true;
        });

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The store is empty and this import's alone when it returns.</summary>
    private async Task BeginAsync(StoreLook look, StoreClosure import, CancellationToken cancellation)
    {
        TxnCompare[] begins = look.Closed is { } before
            ? [TxnCompare.Holds(_keys.Closed, before.ToJson())]
            : [TxnCompare.Created(_keys.Closed, 0), TxnCompare.IsEmpty(_keys.Journal(0), _keys.JournalEnd), TxnCompare.Created(_keys.Snapshot, 0)];
        var answer = await SetAsync(import, begins, cancellation);
        if (answer.Succeeded || (answer.Found(1)?.Value is { } mark && StoreClosure.Parse(mark).Id == import.Id))
            return;
        if (answer.Found(0) is { } leader)
            throw StoreRefusedException.Led(Place, NameOf(leader));
        throw StoreRefusedException.NotEmpty(Place, look.LastRevision);
    }

    /// <summary>Unless somebody leads. Done twice it does no more than once.</summary>
    private Task<TxnAnswer> SetAsync(StoreClosure closure, TxnCompare[] also, CancellationToken cancellation) => _client.TxnAsync(
        new TxnRequest(
            [TxnCompare.Created(_keys.Leader, 0), .. also],
            [new PutRequest(_keys.Closed, closure.ToJson())],
            [new RangeRequest(_keys.Leader), new RangeRequest(_keys.Closed)]),
        true,
        cancellation);

    private async Task<StoreLook> LookedAsync(CancellationToken cancellation)
    {
        var ask = new TxnRequest([], [new RangeRequest(_keys.Leader), new RangeRequest(_keys.Closed), new RangeRequest(_keys.Term),
            new RangeRequest(_keys.Snapshot)], []);
        var answer = await _client.TxnAsync(ask, true, cancellation);
        var last = await _entries.LastAsync(cancellation);
        var term = TermMark.TryParse(answer.Found(2)?.Value, out var mark) ? mark.Term : 0;
        return new StoreLook(
            answer.Found(1)?.Value is { } closed ? StoreClosure.Parse(closed) : null,
            answer.Found(0) is { } leader ? NameOf(leader) : null,
            term,
            last == 0 && answer.Found(3) is not null ? 1 : last);
    }

    private static string NameOf(EtcdKey? leader) => TermHolder.Parse(leader?.Value ?? [])?.Address.Name ?? "a coordinator";

    private async Task<T> InEtcdAsync<T>(string doing, Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (EtcdException e)
        {
            throw e.ForStore($"{doing}, {Place}");
        }
    }
}
