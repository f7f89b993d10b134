using System.CommandLine;
using Fleet.Cli.Sessions;

namespace Fleet.Cli.Commands;

/// <summary>
/// <c>pbm store export</c> and what belongs to it. Stores are the coordinator's, so <c>fleet-coordinator store</c> does the work, on this host,
/// whether a coordinator runs or not.
/// </summary>
internal static class StoreCopyCommands
{
    public static IEnumerable<PbmCommand> All(Shell shell) => [Export(shell), Import(shell), Check(shell), Reopen(shell)];

    private static PbmCommand Export(Shell shell)
    {
        var store = new StoreOptions();
        var to = new Option<string>("--out") { Description = "The file to write; it must not be there", HelpName = "FILE", Required = true };
        var final = new Option<string?>("--final")
        {
            Description = "For a move: close the store first, so that nobody leads there any more; the text says where the fleet goes",
            HelpName = "WHERE",
        };
        var readModel = new Option<bool>("--read-model")
        {
            Description = "Copy what the read model in PostgreSQL has: for a store that is lost for good",
        };
        var fromSnapshot = new Option<bool>("--from-snapshot")
        {
            Description = "Leave out the entries that the snapshot covers: nobody needs them to lead, and they may be damaged",
        };
        var command = new PbmCommand(
            "export",
            "Copy a fleet's history into one file: the newest snapshot, and all entries of the journal that are still there. Coordinators may run",
            "pbm store export --config /etc/fleet/fleet.conf --out fleet-monday",
            "pbm store export --config /etc/fleet/fleet.conf --store file --final 'etcd of dc1' --out move",
            "pbm store export --config /etc/fleet/fleet.conf --read-model --out last-known") { to, final, readModel, fromSnapshot };
        return Does(store.AddTo(command), shell, store, session => [
            "export",
            "--out", session.Get(to)!,
            .. session.Get(final) is { } where ? ["--final", where] : Array.Empty<string>(),
            .. session.Get(readModel) ? ["--read-model"] : Array.Empty<string>(),
            .. session.Get(fromSnapshot) ? ["--from-snapshot"] : Array.Empty<string>(),
        ]);
    }

    private static PbmCommand Import(Shell shell)
    {
        var store = new StoreOptions();
        var file = CopyArgument();
        var command = new PbmCommand(
            "import",
            "Bring a copy into a store that is empty and that no coordinator uses. One that ends early is done again",
            "pbm store import fleet-monday --config /etc/fleet/fleet.conf",
            "pbm store import move --config /etc/fleet/fleet.conf --store etcd") { file };
        return Does(store.AddTo(command), shell, store, session => ["import", session.Get(file)]);
    }

    private static PbmCommand Check(Shell shell)
    {
        var store = new StoreOptions();
        var file = CopyArgument();
        var command = new PbmCommand("check", "Read a copy to its end, and say what is in it", "pbm store check fleet-monday") { file };
        return Does(command, shell, store, session => ["check", session.Get(file)]);
    }

    private static PbmCommand Reopen(Shell shell)
    {
        var store = new StoreOptions();
        var command = new PbmCommand(
            "reopen",
            "Open a store that export --final has closed, for a fleet that did not move after all",
            "pbm store reopen --config /etc/fleet/fleet.conf --store file");
        return Does(store.AddTo(command), shell, store, _ => ["reopen"]);
    }

    private static Argument<string> CopyArgument() => new("FILE") { Description = "What pbm store export has written" };

    private static PbmCommand Does(PbmCommand command, Shell shell, StoreOptions store, Func<Session, IReadOnlyList<string>> words) =>
        command.Does(shell, (session, cancel) => OtherProgram.Coordinator.RunAsync(
            shell.Host, ["store", .. words(session), .. store.Words(session), .. session.Json ? ["--json"] : Array.Empty<string>()], cancel));

    /// <summary>Which store.</summary>
    private sealed class StoreOptions
    {
        private readonly Option<string?> _config = new("--config", "-c")
        {
            Description = "The fleet's configuration, which says which store it has",
            HelpName = "FILE",
        };

        private readonly Option<string[]> _set = new("--set") { Description = "Overrides one key; may be repeated", HelpName = "KEY=VALUE" };

        private readonly Option<string?> _store = new("--store")
        {
            Description = "file, etcd or postgres, whichever the configuration says the fleet has: it has the settings of all three",
            HelpName = "KIND",
        };

        public PbmCommand AddTo(PbmCommand command)
        {
            _store.AcceptOnlyFromAmong("file", "etcd", "postgres");
            foreach (var option in new Option[] { _config, _set, _store })
                command.Options.Add(option);
            return command;
        }

        public IEnumerable<string> Words(Session session) =>
            [
                .. session.Get(_config) is { } config ? ["--config", config] : Array.Empty<string>(),
                .. (session.Get(_set) ?? []).SelectMany(set => new[] { "--set", set }),
                .. session.Get(_store) is { } store ? ["--store", store] : Array.Empty<string>(),
            ];
    }
}
