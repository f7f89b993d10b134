using Fleet.Cli.Messages;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>The one look of every table: a heading row, two spaces between columns, no lines; cut and grep get along with it.</summary>
internal static class Tables
{
    /// <param name="headings">A heading that starts with <c>&gt;</c> belongs to a column of numbers.</param>
    public static Table WithColumns(params string[] headings)
    {
        var table = new Table { Border = TableBorder.None, ShowRowSeparators = false, UseSafeBorder = false };
        foreach (var heading in headings)
        {
            var numbers = heading.StartsWith('>');
            table.AddColumn(new TableColumn(new Text(heading.TrimStart('>'), new Style(decoration: Decoration.Bold)))
            {
                Alignment = numbers ? Justify.Right : Justify.Left,
                Padding = new Padding(0, 0, 2, 0),
            });
        }

        return table;
    }

    public static Table Row(this Table table, params object?[] cells) =>
        table.AddRow(cells.Select(cell => cell as IRenderable ?? new Text(Words.OrDash(cell))));

    /// <summary>Names on the left, their values on the right.</summary>
    public static Grid Facts(params (string Name, object? Value)[] facts)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) })
            .AddColumn(new GridColumn { Padding = new Padding(0) });
        foreach (var (name, value) in facts)
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), value as IRenderable ?? new Text(Words.OrDash(value)));
        return grid;
    }

    public static IRenderable Stack(params IRenderable[] parts) => new Rows(parts);

    /// <summary>A state in its colour: green works, yellow is on its way, red needs somebody.</summary>
    public static Text State(string word) => new(word, new Style(Colour(word)));

    private static Color Colour(string word) => word switch
    {
        "up" or "serving" or "healthy" or "in-step" or "agree" or "created" or "changed" => Color.Green,
        "suspect" or "down" or "unplaced" or "disagree" or "no answer" or "refused" => Color.Red,
        "cordoned" or "draining" or "leaving" or "arriving" or "releasing" or "unknown" or "behind" or "waiting" => Color.Yellow,
        _ => Color.Default,
    };
}
