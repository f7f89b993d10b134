using Npgsql;

namespace Fleet.Postgres;

/// <summary>
/// Wakes whoever reads a table when somebody has written to it and said so (<c>NOTIFY</c>). It may miss that: what is notified while there is no
/// connection is lost, so the reader also looks by itself every so often. For one caller at a time.
/// </summary>
/// <param name="source">Of connections that are not pooled.</param>
public sealed class NotificationBell(NpgsqlDataSource source, string channel) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    /// <summary>
    /// True when somebody notified, or may have: it returns at once when it has only begun to listen. False after <paramref name="atMost"/>, also
    /// while it cannot listen.
    /// </summary>
    public async Task<bool> RingsAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        try
        {
            if (_connection is { } listening)
                return await listening.WaitAsync(atMost, cancellation);
            _connection = await source.OpenConnectionAsync(cancellation);
            await using var listen = new NpgsqlCommand($"listen {channel}", _connection);
            await listen.ExecuteNonQueryAsync(CancellationToken.None).WaitAsync(cancellation);
            return true;
        }
        catch (Exception e) when (PostgresProblem.IsOne(e) && !cancellation.IsCancellationRequested)
        {
            await SilenceAsync();
            await Task.Delay(atMost, cancellation);
            return false;
        }
    }

    /// <summary>Listens anew with the next call: something was written of which this connection did not tell.</summary>
    public async ValueTask SilenceAsync()
    {
        var closing = _connection;
        _connection = null;
        if (closing is not null)
            await closing.DisposeAsync();
    }

    public ValueTask DisposeAsync() => SilenceAsync();
}
