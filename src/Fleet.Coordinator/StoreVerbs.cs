using System.CommandLine;
using Fleet.Shared.Config;

namespace Fleet.Coordinator;

/// <summary>The words after <c>fleet-coordinator store</c>, which <c>pbm store</c> passes on.</summary>
internal sealed class StoreVerbs
{
    private readonly Option<FileInfo?> _config = new("--config", "-c")
    {
        Description = "The fleet's configuration (HOCON), which says which store it has",
    };

    private readonly Option<string[]> _set = new("--set") { Description = "Overrides one key; may be repeated" };

    private readonly Option<string?> _store = new("--store")
    {
        Description = "file, etcd or postgres, whichever the configuration says the fleet has: it has the settings of all three",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Say what was done as one JSON object" };

    public static Command Group()
    {
        var verbs = new StoreVerbs();
        return new Command("store", "Copies a fleet's history to a file, and from there into another store.")
        {
            verbs.Export(),
            verbs.Import(),
            verbs.Check(),
            verbs.Reopen(),
        };
    }

    private Command Export()
    {
        var to = new Option<FileInfo>("--out") { Description = "The file to write; it must not be there", Required = true };
        var final = new Option<string?>("--final")
        {
            Description = "Close the store first, so that the copy is the end of its history; the text says where the fleet moves to",
        };
        var readModel = new Option<bool>("--read-model")
        {
            Description = "Copy what the read model in PostgreSQL has: for a store that is lost for good",
        };
        var fromSnapshot = new Option<bool>("--from-snapshot")
        {
            Description = "Leave out the entries that the snapshot covers, which may be damaged",
        };
        var command = new Command("export", "Copies the store's newest snapshot and all entries of the journal that are still there into one file.")
        {
            to, final, readModel, fromSnapshot,
        };
        return Does(command, (work, parsed, cancel) => work.ExportAsync(
            parsed.GetRequiredValue(to).FullName,
            new ExportChoice(parsed.GetValue(final), parsed.GetValue(readModel), parsed.GetValue(fromSnapshot)),
            cancel));
    }

    private Command Import()
    {
        var from = new Argument<FileInfo>("FILE") { Description = "What pbm store export has written" };
        var command = new Command("import", "Brings a copy into a store that is empty, and that no coordinator uses.") { from };
        return Does(command, (work, parsed, cancel) => work.ImportAsync(parsed.GetRequiredValue(from).FullName, cancel));
    }

    private Command Check()
    {
        var from = new Argument<FileInfo>("FILE") { Description = "What pbm store export has written" };
        var command = new Command("check", "Reads a copy to its end, and says what is in it.") { from };
        return Does(command, (work, parsed, cancel) => work.CheckAsync(parsed.GetRequiredValue(from).FullName, cancel));
    }

    private Command Reopen() => Does(
        new Command("reopen", "Opens a store that export --final has closed, for a fleet that did not move after all."),
        (work, _, cancel) => work.ReopenAsync(cancel));

    private Command Does(Command command, Func<StoreWork, ParseResult, CancellationToken, Task> act)
    {
        foreach (var option in new Option[] { _config, _set, _store, _json })
            command.Options.Add(option);
        _store.AcceptOnlyFromAmong("file", "etcd", "postgres");
        command.SetAction((parsed, cancel) => StoreWork.RunAsync(
            parsed.GetValue(_config)?.FullName,
            [.. parsed.GetValue(_set) ?? [], .. parsed.GetValue(_store) is { } store ? [$"fleet.coordinator.store={store}"] : Array.Empty<string>()],
            parsed.GetValue(_json),
            work => act(work, parsed, cancel)));
        return command;
    }
}
