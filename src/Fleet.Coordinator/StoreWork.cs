using System.Text.Json.Nodes;
using Fleet.Coordinator.Copies;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.Stores;
using Fleet.Postgres;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator;

/// <summary>What <c>fleet-coordinator store</c> does, and how it says so: results on the standard output, all else on the other.</summary>
internal sealed class StoreWork : IAsyncDisposable
{
    private const int Refused = 1;
    private const int Usage = 2;
    private const int Unreachable = 3;
    private const long SayEvery = 10_000;

    private readonly FleetConfig _config;
    private readonly bool _json;
    private readonly ILoggerFactory _logs = LoggerFactory.Create(ConsoleLog);
    private readonly IStoreKeeper _keeper;

    private StoreWork(FleetConfig config, bool json)
    {
        (_config, _json) = (config, json);
        _keeper = StoreKinds.Keeper(config.Coordinator, new LocalDisk(), _logs);
    }

    private static string By => $"{Environment.UserName} on {Environment.MachineName}";

    /// <returns>0 when it is done, 1 when it is refused, 2 when the configuration has mistakes, 3 when the store cannot be reached.</returns>
    public static async Task<int> RunAsync(string? configPath, string[] overrides, bool json, Func<StoreWork, Task> act)
    {
        var loaded = FleetConfig.Load(configPath, overrides, new HoconFiles(), Environment.GetEnvironmentVariable);
        if (loaded.Value is not { } config || StoreKinds.Mistake(config.Coordinator) is not null)
        {
            var mistakes = loaded.Value is { } read ? [StoreKinds.Mistake(read.Coordinator)!] : loaded.Errors.Select(error => error.ToString());
            foreach (var mistake in mistakes)
                await Console.Error.WriteLineAsync(mistake);
            return Usage;
        }

        await using var work = new StoreWork(config, json);
        try
        {
            await act(work);
            return 0;
        }
        catch (Exception e) when (CodeOf(e) is not 0)
        {
            await Console.Error.WriteLineAsync($"fleet-coordinator: {e.Message}");
            return CodeOf(e);
        }
    }

    public async Task ExportAsync(string file, ExportChoice choice, CancellationToken cancellation)
    {
        if (File.Exists(file))
            throw new StoreRefusedException($"{file} is there already: nothing was changed.");
        if (choice is { ReadModel: true, Final: not null })
            throw new StoreRefusedException("--final closes a store, and a read model is none: leave out one of the two.");
        var copy = choice.ReadModel ? await FromReadModelAsync(file, choice, cancellation) : await FromStoreAsync(file, choice, cancellation);
        Say("exported", copy, copy.End.IsFinal
            ? $"The store in {_keeper.Place} is closed: nobody leads there any more."
            : "What happens after it is not in it: for a move use --final.");
    }

    public async Task ImportAsync(string file, CancellationToken cancellation)
    {
        var copy = await CheckedAsync(file, cancellation);
        await using var store = StoreKinds.Open(_config.Coordinator, new LocalDisk(), new AsideThread(), _logs);
        var import = new StoreImport(_keeper, store, By, TimeProvider.System, Progress("written"));
        var isNew = await import.WriteAsync(copy, cancellation);
        var version = Restart.After(copy, TimeProvider.System.GetUtcNow()).Last;
        Say(isNew ? "imported" : "was there already", copy, copy.End.IsFinal
            ? $"The fleet goes on in {_keeper.Place} after {version}. Start the coordinators."
            : $"The copy was not final: the fleet goes on in {_keeper.Place} after {version}, beyond all that nodes may have seen. Before you start "
                + $"a coordinator: no node may work by a map that is newer than {copy.Last} (docs/RUNBOOK.md, Copy, move and restore).");
    }

    public async Task CheckAsync(string file, CancellationToken cancellation) => Say("checked", await CheckedAsync(file, cancellation), "");

    public async Task ReopenAsync(CancellationToken cancellation)
    {
        var closed = (await _keeper.LookAsync(cancellation)).Closed;
        if (closed is { IsImport: true })
            throw new StoreClosedException(_keeper.Place, closed);
        await _keeper.ReopenAsync(cancellation);
        await Console.Out.WriteLineAsync(closed is null
            ? $"The store in {_keeper.Place} was not closed."
            : $"The store in {_keeper.Place} is open again. Never let coordinators run on it and on {closed.Where}: that is two fleets for "
                + "the same nodes.");
    }

    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();
        _logs.Dispose();
    }

    /// <summary>A store that is closed for a copy that does not come about is opened again: nobody has a copy to go on with.</summary>
    private async Task<CheckedCopy> FromStoreAsync(string file, ExportChoice choice, CancellationToken cancellation)
    {
        var before = await _keeper.LookAsync(cancellation);
        if (before.Closed is { IsImport: true } half)
            throw new StoreClosedException(_keeper.Place, half);
        if (before.IsEmpty)
            throw new StoreRefusedException($"There is no history in {_keeper.Place}.");
        if (choice.Final is { } final)
            await _keeper.CloseAsync(new StoreClosure(false, TimeProvider.System.GetUtcNow(), By, final, Guid.NewGuid().ToString("n")), cancellation);
        try
        {
            var look = await _keeper.LookAsync(cancellation);
            await using var store = StoreKinds.Open(_config.Coordinator, new LocalDisk(), new AsideThread(), _logs);
            var history = HistorySource.Of(store, _keeper.Place) with { FromSnapshot = choice.FromSnapshot };
            var export = new StoreExport(history, file, TimeProvider.System, Progress("read"));
            return await export.WriteAsync(look.Closed is not null, look.Term, look.LastRevision, cancellation);
        }
        catch when (choice.Final is not null && before.Closed is null)
        {
            await _keeper.ReopenAsync(CancellationToken.None);
            throw;
        }
    }

    private async Task<CheckedCopy> FromReadModelAsync(string file, ExportChoice choice, CancellationToken cancellation)
    {
        var settings = _config.Coordinator.Projection;
        if (settings.Connection is not { } connection)
            throw new StoreRefusedException("fleet.coordinator.projection.connection is not set: there is no read model.");
        if (!PostgresTarget.TryRead(connection, settings.PasswordFile, out var target, out var mistake))
            throw new StoreRefusedException($"fleet.coordinator.projection: {mistake}");
        await using var source = target.Open("pbm store export");
        var model = new ReadModelHistory(source, target);
        var position = await model.LookAsync(cancellation);
        var history = new HistorySource(model.Place, model.LoadAsync, model.ReadAsync) { FromSnapshot = choice.FromSnapshot };
        var export = new StoreExport(history, file, TimeProvider.System, Progress("read"));
        return await export.WriteAsync(false, position.Term, position.Revision, cancellation);
    }

    private static async Task<CheckedCopy> CheckedAsync(string file, CancellationToken cancellation) => File.Exists(file)
        ? await CopyFile.CheckAsync(file, Progress("checked"), cancellation)
        : throw new StoreRefusedException($"There is no file {file}.");

    private void Say(string done, CheckedCopy copy, string then)
    {
        var entries = copy.End.Entries;
        if (!_json)
        {
            Console.Out.WriteLine(
                $"{copy.File}: {done}. Cluster {copy.Cluster}, up to {copy.Last}, {entries} entries from revision {copy.FirstRevision} on, "
                + $"{copy.State.Map.Nodes.Count} nodes, {copy.State.Map.Services.Count} services, {copy.State.Map.Vips.Count} VIPs; copied from "
                + $"{copy.Header.Source} at {copy.Header.At:u}{(copy.End.IsFinal ? ", after it was closed" : "")}. {then}".TrimEnd());
            return;
        }

        Console.Out.WriteLine(new JsonObject
        {
            ["done"] = done,
            ["file"] = copy.File,
            ["cluster"] = copy.Cluster,
            ["source"] = copy.Header.Source,
            ["at"] = copy.Header.At,
            ["final"] = copy.End.IsFinal,
            ["term"] = copy.End.Term,
            ["revision"] = copy.End.Revision,
            ["entries"] = entries,
            ["nodes"] = copy.State.Map.Nodes.Count,
            ["services"] = copy.State.Map.Services.Count,
            ["vips"] = copy.State.Map.Vips.Count,
        }.ToJsonString());
    }

    private static Action<long> Progress(string done) => count =>
    {
        if (count % SayEvery == 0)
            Console.Error.WriteLine($"{count} entries {done} ...");
    };

    private static void ConsoleLog(ILoggingBuilder logging) =>
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);

    private static int CodeOf(Exception e) => e switch
    {
        StoreUnreachableException => Unreachable,
        StoreRefusedException or StoreClosedException or JournalDamagedException or IOException or UnauthorizedAccessException => Refused,
        _ => 0,
    };
}

/// <param name="Final">Close the store first; where the fleet moves to.</param>
/// <param name="ReadModel">Copy what the read model has, instead of the store.</param>
/// <param name="FromSnapshot">Leave out what the snapshot covers.</param>
internal sealed record ExportChoice(string? Final, bool ReadModel, bool FromSnapshot);
