using System.CommandLine;
using System.Text.Json;
using Fleet.Cli.Maps;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;
using Fleet.Shared.Hocon;
using Fleet.Shared.Map;
using Fleet.Shared.Shell;

namespace Fleet.Cli.Commands;

/// <summary><c>map diff</c>: what is different between two maps that were saved, or between one of them and the fleet's.</summary>
internal static class MapDiff
{
    public static PbmCommand Command(Shell shell)
    {
        var from = new Argument<string>("FROM") { Description = "A map saved with: pbm map show --json" };
        var to = new Argument<string?>("TO")
        {
            Description = "Another; without it, the map that the fleet has now",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => null,
        };
        var command = new PbmCommand(
            "diff",
            "What is different between two saved maps, or between one and the fleet's: who came and went, which VIPs moved",
            "pbm map diff before.json",
            "pbm map diff before.json after.json --json") { from, to };
        return command.Does(shell, async (session, cancel) =>
        {
            var before = Saved(session.Get(from));
            var after = session.Get(to) is { } file
                ? Saved(file)
                : (await session.Client.ReadAsync(Routes.Map, ApiJson.Default.FleetMap, cancel)).View;
            var difference = MapDifference.Between(before, after);
            session.Show(
                new Document<MapDifference>(difference, JsonSerializer.SerializeToNode(difference, MapsJson.Default.MapDifference)!),
                MapRenderer.Diff);
            return ExitCode.Ok;
        });
    }

    private static FleetMap Saved(string file)
    {
        var text = new HoconFiles().Read(file) switch
        {
            HoconText.Found found => found.Text,
            HoconText.Unreadable unreadable => throw PbmException.Usage($"{file} cannot be read: {unreadable.Reason}"),
            _ => throw PbmException.Usage($"there is no file {file}."),
        };
        try
        {
            return JsonSerializer.Deserialize(text, ApiJson.Default.FleetMap) ?? throw new JsonException("null is no map.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or FormatException)
        {
            throw PbmException.Usage($"{file} is not a map as pbm map show --json prints it: {e.Message}");
        }
    }
}
