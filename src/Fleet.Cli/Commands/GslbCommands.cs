using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Cli.Gslb;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;

namespace Fleet.Cli.Commands;

/// <summary><c>pbm gslb</c>: what the map says of DNS; <see cref="GslbQuery"/> is what the servers say.</summary>
internal static class GslbCommands
{
    public static PbmCommand Group(Shell shell) => new("gslb", "DNS: what names are answered with", "pbm gslb records", "pbm gslb query web")
    {
        GslbQuery.Command(shell),
        Records(shell),
        KeyCommands.Group(shell),
        Publishing(shell),
    };

    private static PbmCommand Publishing(Shell shell)
    {
        var command = new PbmCommand(
            "publishing",
            "Zones on other DNS servers: how far they are in step; exit code 1 where one is not",
            "pbm gslb publishing",
            "pbm gslb publishing --watch");
        var watch = new Watch(command);
        return command.Does(shell, (session, cancel) => watch.ShowAsync(
            session,
            c => session.Client.ReadAsync(Routes.Publishing, ApiJson.Default.ImmutableArrayPublishingView, c),
            PublishingRenderer.List,
            cancel,
            targets => targets.All(target => target.LastError is null && target.LeftAlone.IsEmpty) ? ExitCode.Ok : ExitCode.Refused));
    }

    private static PbmCommand Records(Shell shell)
    {
        var command = new PbmCommand(
            "records", "The names and addresses that DNS draws from, as the map has them", "pbm gslb records", "pbm gslb records --watch");
        var watch = new Watch(command);
        return command.Does(shell, (session, cancel) => watch.ShowAsync(
            session,
            async c =>
            {
                var map = await session.Client.ReadAsync(Routes.Map, ApiJson.Default.FleetMap, c);
                var records = GslbRecords.FromMap(map.View);
                return new Document<ImmutableArray<GslbRecord>>(
                    records, JsonSerializer.SerializeToNode(records, GslbJson.Default.ImmutableArrayGslbRecord)!);
            },
            GslbRenderer.Records,
            cancel));
    }
}
