using Fleet.Coordinator.Control;
using Fleet.Coordinator.Stores;
using Fleet.Postgres;
using Fleet.Shared.Api;
using Npgsql;

namespace Fleet.Coordinator.Projections;

/// <summary>Makes the read model anew when somebody asks for it, on a connection of its own. What fails is told, and changed nothing.</summary>
/// <param name="done">Called when one has succeeded: what was kept in memory of the read model may be of the old one.</param>
internal sealed partial class Rebuilder(
    Func<IFleetStore> store, NpgsqlDataSource source, PostgresTarget target, RebuildRequests requests, Action done, ILogger<Projector> log)
{
    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await requests.NextAsync(cancellation);
                await RebuildAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Also what a damaged entry breaks: it is the read model's affair, and must not end a leader.
                var why = PostgresProblem.IsOne(e) ? PostgresProblem.Words(e, target) : e.Message;
                requests.Tell(view => view with { State = RebuildView.Failed, Why = why });
                LogFailed(why);
            }
        }
    }

    private async Task RebuildAsync(CancellationToken cancellation)
    {
        requests.Tell(view => view with { State = RebuildView.Running });
        LogBegins(requests.Last?.By);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await Migrator.ExpectAsync(connection, SchemaFiles.ReadModel, cancellation);
        await using var journal = store();
        var rebuild = new Rebuild(journal, connection, (at, of) => requests.Tell(view => view with { Revision = at, Target = of }));
        var changed = await rebuild.RunAsync(cancellation);
        done();
        requests.Tell(view => view with { State = RebuildView.Done, Changed = changed });
        LogDone(changed);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The read model is made anew, as {Who} asked")]
    private partial void LogBegins(string? who);

    [LoggerMessage(Level = LogLevel.Information, Message = "The read model was made anew; {Rows} rows were not as they should have been")]
    private partial void LogDone(long rows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The read model could not be made anew, and is as it was: {Reason}")]
    private partial void LogFailed(string reason);
}
