using System.CommandLine;
using System.Diagnostics;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;

namespace Fleet.Cli.Commands;

/// <summary><c>cluster leave</c>: asks a node to go and, if wanted, waits until it is gone.</summary>
internal static class ClusterLeave
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    public static PbmCommand Command(Shell shell)
    {
        var name = NodeOrders.Name();
        var wait = new Option<bool>("--wait") { Description = "Stay until the node is gone" };
        var waitMax = new Option<double>("--wait-max")
        {
            Description = "Give up waiting (not leaving) after so many seconds, exit code 1",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 600,
        };
        var command = new PbmCommand(
            NodeVerbs.Leave,
            "Hand all VIPs of a node over to others, then forget the node",
            "pbm cluster leave adc-2 --wait") { name, wait, waitMax };
        var ifVersion = new IfVersion(command);
        var force = new Force(command);
        return command.Does(shell, async (session, cancel) =>
        {
            var node = session.Get(name);
            NodeOrders.Print(session, await NodeOrders.PostAsync(session, node, NodeVerbs.Leave, ifVersion.Read(session), cancel, force));
            return session.Get(wait) ? await FollowAsync(session, node, session.Get(waitMax), cancel) : ExitCode.Ok;
        });
    }

    private static async Task<int> FollowAsync(Session session, string node, double secondsMax, CancellationToken cancel)
    {
        var vips = -1;
        for (var since = Stopwatch.StartNew(); since.Elapsed.TotalSeconds < secondsMax; await Task.Delay(Period, cancel))
        {
            try
            {
                var view = (await session.Client.ReadAsync(Routes.Node(node), ApiJson.Default.NodeView, cancel)).View;
                if (view.Vips != vips)
                    session.Say($"{node} is {view.State} and has {Words.Count(view.Vips, "VIP", "VIPs")} left");
                vips = view.Vips;
            }
            catch (PbmException gone) when (gone.ExitCode == ExitCode.Refused)
            {
                session.Say($"{node} has left");
                return ExitCode.Ok;
            }
        }

        session.Complain($"{node} is still there after {secondsMax:0.###} s; it goes on leaving.");
        return ExitCode.Refused;
    }
}
