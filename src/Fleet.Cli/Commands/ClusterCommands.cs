using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;

namespace Fleet.Cli.Commands;

/// <summary>Who is in the fleet: three documents of the API that are shown as one.</summary>
internal sealed record Membership(ClusterView Cluster, ImmutableArray<CoordinatorView> Coordinators, ImmutableArray<NodeView> Nodes);

/// <summary>
/// <c>pbm cluster</c>: the verbs that concern the fleet as a whole; <see cref="ClusterLeave"/>, <see cref="ClusterTail"/> and
/// <see cref="ClusterTransfer"/> have files of their own.
/// </summary>
internal static class ClusterCommands
{
    public static PbmCommand Group(Shell shell) =>
        new("cluster", "The fleet as a whole: who is in it, how it is, what happens in it", "pbm cluster show", "pbm cluster status")
    {
        Show(shell),
        Status(shell),
        ClusterTransfer.Command(shell),
        ClusterLeave.Command(shell),
        Down(shell),
        DownUnreachable(shell),
        ClusterTail.Command(shell),
    };

    private static PbmCommand Show(Shell shell)
    {
        var command = new PbmCommand(
            "show",
            "The members: coordinators with their lag, and nodes with the map version they work by",
            "pbm cluster show",
            "pbm cluster show --watch");
        var watch = new Watch(command);
        return command.Does(shell, (session, cancel) => watch.ShowAsync(
            session,
            async c =>
            {
                var cluster = await session.Client.ReadAsync(Routes.Cluster, ApiJson.Default.ClusterView, c);
                var coordinators = await session.Client.ReadAsync(Routes.Coordinators, ApiJson.Default.ImmutableArrayCoordinatorView, c);
                var nodes = await session.Client.ReadAsync(Routes.Nodes, ApiJson.Default.ImmutableArrayNodeView, c);
                return new Document<Membership>(
                    new(cluster.View, coordinators.View, nodes.View),
                    new JsonObject { ["cluster"] = cluster.Json, ["coordinators"] = coordinators.Json, ["nodes"] = nodes.Json });
            },
            all => ClusterRenderer.Show(all.Cluster, all.Coordinators, all.Nodes),
            cancel));
    }

    private static PbmCommand Status(Shell shell)
    {
        var command = new PbmCommand(
            "status",
            "How the fleet is, on one screen; exit code 1 when there are problems",
            "pbm cluster status",
            "pbm cluster status --json || page-somebody");
        var watch = new Watch(command);
        return command.Does(shell, (session, cancel) => watch.ShowAsync(
            session,
            c => session.Client.ReadAsync(Routes.Cluster, ApiJson.Default.ClusterView, c),
            ClusterRenderer.Status,
            cancel,
            cluster => cluster.Problems.IsEmpty ? ExitCode.Ok : ExitCode.Refused));
    }

    private static PbmCommand Down(Shell shell)
    {
        var name = NodeOrders.Name();
        var yes = Yes();
        var command = new PbmCommand(
            NodeVerbs.Down,
            "Your word that a node is dead and holds nothing: its VIPs move at once. Refused while it is heard",
            "pbm cluster down adc-2",
            "pbm cluster down adc-2 --yes")
        {
            name,
            yes,
        };
        var ifVersion = new IfVersion(command);
        return command.Does(shell, async (session, cancel) =>
        {
            if (!session.Get(yes))
                session.Confirm($"Is {session.Get(name)} certainly dead? If it still serves, two nodes will hold its VIPs.");
            NodeOrders.Print(session, await NodeOrders.PostAsync(session, session.Get(name), NodeVerbs.Down, ifVersion.Read(session), cancel));
            return ExitCode.Ok;
        });
    }

    private static PbmCommand DownUnreachable(Shell shell)
    {
        var command = new PbmCommand("down-unreachable", "The same for every node that is suspect", "pbm cluster down-unreachable");
        return command.Does(shell, async (session, cancel) =>
        {
            var nodes = await session.Client.ReadAsync(Routes.Nodes, ApiJson.Default.ImmutableArrayNodeView, cancel);
            return await DownAllAsync(session, nodes.View.Where(node => node.State == "suspect").Select(node => node.Entry.Name.Value), cancel);
        });
    }

    /// <summary>A node that is refused, because it is heard again, does not keep the others from being done.</summary>
    private static async Task<int> DownAllAsync(Session session, IEnumerable<string> suspects, CancellationToken cancel)
    {
        var done = new JsonArray();
        var refused = 0;
        foreach (var node in suspects)
        {
            try
            {
                var answer = await NodeOrders.PostAsync(session, node, NodeVerbs.Down, null, cancel);
                done.Add(answer.Json);
                session.Say($"{answer.View.Text} (map {answer.View.Version})");
            }
            catch (PbmException refusal) when (refusal.ExitCode == ExitCode.Refused)
            {
                refused++;
                session.Complain($"{node}: {refusal.Message}");
            }
        }

        if (session.Json)
            session.Show(done);
        else if (done.Count + refused == 0)
            session.Say("No node is suspect.");
        return refused == 0 ? ExitCode.Ok : ExitCode.Refused;
    }

    internal static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask" };
}
