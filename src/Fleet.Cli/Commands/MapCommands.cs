using Fleet.Cli.Render;
using Fleet.Shared.Api;

namespace Fleet.Cli.Commands;

/// <summary><c>pbm map</c>: the map itself, as every node has it; <see cref="MapDiff"/> compares two.</summary>
internal static class MapCommands
{
    public static PbmCommand Group(Shell shell) => new("map", "The map that every node works by", "pbm map show", "pbm map diff before.json")
    {
        Show(shell),
        MapDiff.Command(shell),
    };

    private static PbmCommand Show(Shell shell)
    {
        var command = new PbmCommand("show", "The current map: nodes, VIPs, backends", "pbm map show", "pbm map show --json > before.json");
        var watch = new Watch(command);
        return command.Does(shell, (session, cancel) => watch.ShowAsync(
            session, c => session.Client.ReadAsync(Routes.Map, ApiJson.Default.FleetMap, c), MapRenderer.Show, cancel));
    }
}
