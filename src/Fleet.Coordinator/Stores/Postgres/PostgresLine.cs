using System.Data;
using Fleet.Shared.Shell;
using Npgsql;

namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>
/// One connection with one command at a time, in the order in which they come. Whoever waits for a command may stop to; the next one still comes
/// after it. A connection that broke is opened anew for the next command.
/// </summary>
internal sealed class PostgresLine(Func<Task<NpgsqlConnection>> openAsync) : IAsyncDisposable
{
    private readonly Turns _turns = new();
    private NpgsqlConnection? _connection;

    /// <summary>A connection broke.</summary>
    public bool HasBroken { get; private set; }

    /// <exception cref="OperationCanceledException">It was called off: the command may be carried out all the same.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> command, CancellationToken cancellation)
    {
        var turn = await _turns.TakeAsync(cancellation);
        return await InTurnAsync(turn, command).UnlessAsync(cancellation);
    }

    /// <summary>Returns when every command before has ended, one way or the other.</summary>
    public async Task SettleAsync(CancellationToken cancellation) => (await _turns.TakeAsync(cancellation)).Dispose();

    /// <summary>Closes the connection after the command that it carries out, if any.</summary>
    public async ValueTask DisposeAsync()
    {
        using (await _turns.TakeAsync(CancellationToken.None))
            await CloseAsync();
    }

    private async Task<T> InTurnAsync<T>(IDisposable turn, Func<NpgsqlConnection, Task<T>> command)
    {
        using (turn)
        {
            _connection ??= await openAsync();
            try
            {
                return await command(_connection);
            }
            catch when (_connection.State != ConnectionState.Open)
            {
                HasBroken = true;
                await CloseAsync();
                throw;
            }
        }
    }

    private async Task CloseAsync()
    {
        var closing = _connection;
        _connection = null;
        if (closing is not null)
            await closing.DisposeAsync();
    }
}
