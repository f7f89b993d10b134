using System.CommandLine;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;

namespace Fleet.Cli.Commands;

/// <summary><c>pbm config</c>: works on files alone, without a fleet.</summary>
internal static class ConfigCommands
{
    public static PbmCommand Group(Shell shell) => new("config", "Configuration files", "pbm config render hocon/demo.conf")
    {
        Render(shell),
    };

    private static PbmCommand Render(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "A HOCON file" };
        var set = new Option<string[]>("--set")
        {
            Description = "Lay a value over the file; may be repeated",
            HelpName = "PATH=VALUE",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new PbmCommand(
            "render",
            "Resolve a HOCON file, with its includes and substitutions, and print it as JSON; mistakes are located, exit code 2",
            "pbm config render hocon/demo.conf",
            "pbm config render fleet.conf --set fleet.lease.heartbeat=50ms") { file, set };
        return command.Does(shell, (session, _) =>
        {
            session.Host.Out.WriteLine(ConfigFiles.Render(session.Get(file), session.Get(set) ?? [], shell.Host.Environment));
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
