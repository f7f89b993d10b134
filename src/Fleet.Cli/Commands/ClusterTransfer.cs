using System.CommandLine;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;

namespace Fleet.Cli.Commands;

/// <summary><c>cluster transfer</c>: another coordinator is to lead. Answered when it does.</summary>
internal static class ClusterTransfer
{
    public static PbmCommand Command(Shell shell)
    {
        var to = new Argument<string?>("COORDINATOR")
        {
            Description = "Who is to lead; without it, the one that has most of the journal",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new PbmCommand(
            "transfer",
            "Hand the leadership over to another coordinator: no command is lost, no VIP moves",
            "pbm cluster transfer",
            "pbm cluster transfer coordinator-2")
        {
            to,
        };
        return command.Does(shell, async (session, cancel) =>
        {
            var path = session.Find(to) is { } name ? $"{Routes.Transfer}?to={Uri.EscapeDataString(name)}" : Routes.Transfer;
            NodeOrders.Print(session, await session.Client.CommandAsync(HttpMethod.Post, path, null, null, cancel));
            return ExitCode.Ok;
        });
    }
}
