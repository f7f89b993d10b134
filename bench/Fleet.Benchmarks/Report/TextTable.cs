namespace Fleet.Benchmarks.Report;

/// <summary>Columns as wide as their widest cell; the first to the left, figures to the right.</summary>
public sealed class TextTable(params string[] heads)
{
    private readonly List<string[]> _rows = [heads];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print(TextWriter to)
    {
        var widths = Enumerable.Range(0, heads.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
            to.WriteLine(
                string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))
                    .TrimEnd());
        to.WriteLine();
    }
}
