using Fleet.Shared.Api;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>Events as a table, and as lines that follow each other.</summary>
internal static class EventRenderer
{
    public static IRenderable Table(IEnumerable<EventView> events)
    {
        var table = Tables.WithColumns("MAP", "AT", "EVENT", "WHO", "WHAT");
        foreach (var happened in events)
            table.Row(happened.Version, At(happened), happened.Kind, happened.By, happened.Text);
        return table;
    }

    /// <summary>One event on one line, in columns wide enough for most, so that a stream of them reads as a table.</summary>
    public static string Line(EventView happened) =>
        $"{happened.Version,-10} {At(happened)}  {happened.Kind,-18} {happened.By.ToString(),-11} {happened.Text}".TrimEnd();

    /// <summary>UTC, ISO 8601, milliseconds.</summary>
    private static string At(EventView happened) => happened.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}
