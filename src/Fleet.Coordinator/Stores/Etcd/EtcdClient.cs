using System.Net;
using System.Text.Json.Serialization.Metadata;
using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// Asks any member of an etcd. It stays with one until that fails; then the next one is asked at once, unless the first may have done what must not
/// be done twice.
/// </summary>
internal sealed partial class EtcdClient(EtcdSettings settings, IDisk disk, TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>Attempts' worth of time after which nobody is asked any more: whoever asked must be told something.</summary>
    private const int AttemptsMax = 5;

    /// <summary>For what takes a member longer: half a megabyte, a page of the journal.</summary>
    private const int Large = 2;

    /// <summary>For what takes a member long: a password's hash, the first answer of a watch.</summary>
    private const int Patient = 4;

    private static readonly TimeSpan RoundPause = TimeSpan.FromMilliseconds(20);

    private readonly EtcdLink _link = new(settings, disk, time);
    private readonly EtcdToken _token = new(settings, disk);
    private readonly Turns _logins = new();
    private readonly MonotonicClock _clock = new(time);
    private int _preferred;

    /// <summary>What the keys hold now, for all who use this etcd: no answer is older than the question ("linearizable").</summary>
    public Task<RangeAnswer> RangeAsync(RangeRequest range, CancellationToken cancellation, bool isLarge = false) =>
        AskAsync(EtcdRequest.Range(range), EtcdJson.Default.RangeAnswer, cancellation, isLarge);

    /// <inheritdoc cref="AskAsync"/>
    public Task<TxnAnswer> TxnAsync(TxnRequest txn, bool isRepeatable, CancellationToken cancellation, bool isLarge = false) =>
        AskAsync(EtcdRequest.Txn(txn, isRepeatable), EtcdJson.Default.TxnAnswer, cancellation, isLarge);

    /// <param name="isLarge">A member may take longer for it than for anything else.</param>
    /// <exception cref="EtcdException">It was not carried out, or nobody knows.</exception>
    public async Task<TAnswer> AskAsync<TAnswer>(
        EtcdRequest request, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation, bool isLarge = false)
    {
        var within = isLarge ? settings.AttemptTimeout * Large : settings.AttemptTimeout;
        var until = _clock.Now + (within * AttemptsMax);
        var notSent = 0;
        for (var tries = 1; ; tries++)
        {
            var at = Volatile.Read(ref _preferred);
            var since = _clock.Now;
            try
            {
                return await AskOneAsync(settings.Endpoints[at], request, answer, within, cancellation);
            }
            catch (OperationCanceledException)
            {
                // Whoever asked had less patience than an attempt takes. The member may hang all the same.
                if (_clock.Now - since >= settings.AttemptTimeout / Patient)
                    Leave(at, "it does not answer");
                throw;
            }
            catch (EtcdException e) when (e.Failure == EtcdFailure.NotSent || (e.Failure == EtcdFailure.Unknown && request.IsRepeatable))
            {
                Leave(at, e.Message);
                notSent = e.Failure == EtcdFailure.NotSent ? notSent + 1 : 0;
                if (notSent >= settings.Endpoints.Length || _clock.Now >= until)
                    throw;
            }

            if (tries % settings.Endpoints.Length == 0)
                await Task.Delay(RoundPause, time, cancellation);
        }
    }

    /// <summary>Opens a watch at the member that is preferred now, and leaves that when it does not work.</summary>
    public async Task<EtcdWatch> WatchAsync(WatchCreate create, CancellationToken cancellation)
    {
        var at = Volatile.Read(ref _preferred);
        var member = settings.Endpoints[at];
        var end = new Deadline(time, cancellation);
        try
        {
            var token = await TokenAsync(member);
            var stream = await _link.OpenAsync(member, EtcdRequest.Watch(create), token, settings.AttemptTimeout * Patient, end.Token);
            return new EtcdWatch(stream, end, () => Leave(at, "a watch of it has ended"), () => _token.Forget(token));
        }
        catch (EtcdException e)
        {
            end.Dispose();
            Leave(at, e.Message);
            throw;
        }
        catch
        {
            end.Dispose();
            throw;
        }
    }

    public void Dispose() => _link.Dispose();

    private async Task<TAnswer> AskOneAsync<TAnswer>(
        IPEndPoint member, EtcdRequest request, JsonTypeInfo<TAnswer> answer, TimeSpan within, CancellationToken cancellation)
    {
        var token = await TokenAsync(member);
        try
        {
            return await _link.AskAsync(member, request, token, answer, within, cancellation);
        }
        catch (EtcdException e) when (e.Failure == EtcdFailure.NoToken && _token.IsNeeded)
        {
            _token.Forget(token);
            token = await TokenAsync(member);
            return await _link.AskAsync(member, request, token, answer, within, cancellation);
        }
    }

    /// <summary>
    /// Not bound to the caller's patience: etcd takes 100 ms for a password, and whoever asks every 60 ms whether it leads would never have one.
    /// </summary>
    private async Task<string?> TokenAsync(IPEndPoint member)
    {
        if (!_token.IsNeeded || _token.Current is not null)
            return _token.Current;
        using (await _logins.TakeAsync(CancellationToken.None))
        {
            if (_token.Current is { } there)
                return there;
            var got = await _link.AskAsync(
                member,
                EtcdRequest.Authenticate(_token.Request()),
                null,
                EtcdJson.Default.AuthenticateAnswer,
                settings.AttemptTimeout * Patient,
                CancellationToken.None);
            _token.Keep(got.Token ?? throw new EtcdException(EtcdFailure.Refused, $"{member} gives no token"));
            return got.Token;
        }
    }

    /// <summary>Whoever was slower than another that has left it already changes nothing.</summary>
    private void Leave(int at, string why)
    {
        var next = (at + 1) % settings.Endpoints.Length;
        if (next != at && Interlocked.CompareExchange(ref _preferred, next, at) == at)
            LogLeft(settings.Endpoints[at], settings.Endpoints[next], why);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "etcd {Member} is left for {Next}: {Why}")]
    private partial void LogLeft(IPEndPoint member, IPEndPoint next, string why);
}
