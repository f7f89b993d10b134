using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Shared.Api;

namespace Fleet.Cli.Commands;

/// <summary><c>pbm node</c>: looking, and the orders of <see cref="NodeOrders"/>.</summary>
internal static class NodeCommands
{
    public static PbmCommand Group(Shell shell) =>
        new("node", "ADC nodes: what they carry, and what they are asked to do", "pbm node list", "pbm node drain adc-2")
    {
        List(shell),
        Show(shell),
        NodeOrders.Command(
            shell,
            NodeVerbs.Drain,
            "Hand all VIPs of a node over to others; it stays in the fleet",
            "pbm node drain adc-2",
            "pbm node drain adc-2 --if-version 3.120"),
        NodeOrders.Command(
            shell,
            NodeVerbs.Undrain,
            "Let a drained or cordoned node take VIPs again; one that was lost too often comes back at once",
            "pbm node undrain adc-2"),
        NodeOrders.Command(shell, NodeVerbs.Cordon, "Let a node keep what it has and take nothing new", "pbm node cordon adc-2"),
        NodeDoctor.Command(shell),
    };

    private static PbmCommand List(Shell shell)
    {
        var command = new PbmCommand(
            "list", "All nodes with what they carry", "pbm node list", "pbm node list --watch 1", "pbm node list --json | jq '.[].state'");
        var watch = new Watch(command);
        return command.Does(shell, (session, cancel) => watch.ShowAsync(
            session, c => session.Client.ReadAsync(Routes.Nodes, ApiJson.Default.ImmutableArrayNodeView, c), NodeRenderer.List, cancel));
    }

    private static PbmCommand Show(Shell shell)
    {
        var name = NodeOrders.Name();
        var command = new PbmCommand("show", "Everything known of one node", "pbm node show adc-2") { name };
        return command.Does(shell, async (session, cancel) =>
        {
            session.Show(await session.Client.ReadAsync(Routes.Node(session.Get(name)), ApiJson.Default.NodeView, cancel), NodeRenderer.Show);
            return ExitCode.Ok;
        });
    }
}
