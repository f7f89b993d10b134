using System.CommandLine;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Shared.Api;

namespace Fleet.Cli.Commands;

/// <summary><c>pbm service</c>: looking, and changing what is wanted.</summary>
internal static class ServiceCommands
{
    public static PbmCommand Group(Shell shell) =>
        new("service", "Virtual services: what is balanced over which backends", "pbm service list", "pbm service apply -f web.conf")
    {
        List(shell),
        Show(shell),
        ServiceApply.Command(shell),
        Remove(shell),
    };

    private static PbmCommand List(Shell shell)
    {
        var command = new PbmCommand("list", "All services with their VIPs and backends", "pbm service list", "pbm service list --watch");
        var watch = new Watch(command);
        return command.Does(shell, (session, cancel) => watch.ShowAsync(
            session, c => session.Client.ReadAsync(Routes.Services, ApiJson.Default.ImmutableArrayServiceView, c), ServiceRenderer.List, cancel));
    }

    private static PbmCommand Show(Shell shell)
    {
        var name = Name();
        var command = new PbmCommand("show", "Everything known of one service", "pbm service show web", "pbm service show web --json") { name };
        return command.Does(shell, async (session, cancel) =>
        {
            session.Show(
                await session.Client.ReadAsync(Routes.Service(session.Get(name)), ApiJson.Default.ServiceView, cancel), ServiceRenderer.Show);
            return ExitCode.Ok;
        });
    }

    private static PbmCommand Remove(Shell shell)
    {
        var name = Name();
        var yes = ClusterCommands.Yes();
        var command = new PbmCommand(
            "remove",
            "Take a service and its VIPs out of the fleet",
            "pbm service remove web",
            "pbm service remove web --yes --if-version 3.120") { name, yes };
        var ifVersion = new IfVersion(command);
        return command.Does(shell, async (session, cancel) =>
        {
            var service = session.Get(name);
            if (!session.Get(yes))
                session.Confirm($"Take {service} out of the fleet, and cut its connections?");
            NodeOrders.Print(
                session, await session.Client.CommandAsync(HttpMethod.Delete, Routes.Service(service), ifVersion.Read(session), null, cancel));
            return ExitCode.Ok;
        });
    }

    private static Argument<string> Name() => new("SERVICE") { Description = "The service's name" };
}
