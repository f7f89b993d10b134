using System.CommandLine;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.Cli.Commands;

/// <summary>What all commands that ask something of a node share.</summary>
internal static class NodeOrders
{
    public static Argument<string> Name() => new("NODE") { Description = "The node's name" };

    /// <summary>A command that posts one verb for one node.</summary>
    public static PbmCommand Command(Shell shell, string verb, string description, params string[] examples)
    {
        var name = Name();
        var command = new PbmCommand(verb, description, examples) { name };
        var ifVersion = new IfVersion(command);
        var force = verb is NodeVerbs.Drain or NodeVerbs.Cordon ? new Force(command) : null;
        return command.Does(shell, async (session, cancel) =>
        {
            Print(session, await PostAsync(session, session.Get(name), verb, ifVersion.Read(session), cancel, force));
            return ExitCode.Ok;
        });
    }

    public static Task<Document<CommandView>> PostAsync(
        Session session, string node, string verb, MapVersion? onlyAt, CancellationToken cancel, Force? force = null)
    {
        var path = Routes.Node(node, verb);
        return session.Client.CommandAsync(HttpMethod.Post, force?.Path(session, path) ?? path, onlyAt, null, cancel);
    }

    public static void Print(Session session, Document<CommandView> done)
    {
        if (session.Json)
            session.Show(done.Json);
        else
            session.Say($"{done.View.Text} (map {done.View.Version})");
    }
}
