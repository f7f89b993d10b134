using System.Collections.Immutable;
using System.Globalization;
using Fleet.Shared.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm gslb publishing</c> prints.</summary>
internal static class PublishingRenderer
{
    /// <summary>One line per zone, then what keeps them from being in step.</summary>
    public static IRenderable List(ImmutableArray<PublishingView> targets)
    {
        if (targets.IsEmpty)
            return new Text("Nothing is published elsewhere: fleet.coordinator.publish is empty.");
        var table = Tables.WithColumns("SERVER", "ZONE", "STATE", ">RECORD SETS", ">PENDING", ">UPDATES", "LAST IN STEP");
        foreach (var target in targets)
        {
            table.Row(
                target.Server,
                target.Zone,
                Tables.State(target.State),
                target.RecordSets,
                target.Pending,
                target.Updates,
                target.LastSuccess?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }

        return Tables.Stack([table, .. targets.SelectMany(Complaints)]);
    }

    private static IEnumerable<IRenderable> Complaints(PublishingView target)
    {
        if (target.LastError is { } error)
            yield return new Text($"{target.Zone} on {target.Server}: {error}.");
        foreach (var left in target.LeftAlone)
            yield return new Text($"{target.Zone} on {target.Server} leaves alone {left}.");
    }
}
