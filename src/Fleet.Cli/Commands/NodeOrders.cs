using System.CommandLine;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.Cli.Commands;

/// <summary>What all commands that ask something of a node share.</summary>
public static class NodeOrders
{
    public static Argument<string> Name() => new("NODE") { Description = "The node's name" };

    /// <summary>A command that posts one verb for one node.</summary>
    public static PbmCommand Command(Shell shell, string verb, string description, params string[] examples)
    {
        var name = Name();
        var command = new PbmCommand(verb, description, examples) { name };
        var ifVersion = new IfVersion(command);
        return command.Does(shell, async (session, cancel) =>
        {
            Print(session, await PostAsync(session, session.Get(name), verb, ifVersion.Of(session), cancel));
            return ExitCode.Ok;
        });
    }

    public static Task<Document<CommandView>> PostAsync(Session session, string node, string verb, MapVersion? onlyAt, CancellationToken cancel) =>
        session.Client.CommandAsync(HttpMethod.Post, Routes.Node(node, verb), onlyAt, null, cancel);

    public static void Print(Session session, Document<CommandView> done)
    {
        if (session.Json)
            session.Show(done.Json);
        else
            session.Say($"{done.View.Text} (map {done.View.Version})");
    }
}
