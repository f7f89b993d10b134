using System.Collections.Immutable;
using System.Globalization;

namespace Fleet.Node.DataPlanes.Haproxy.Answers;

/// <summary>
/// The answer to <c>show stat</c>: comma-separated values under a header that names the columns, of which each version has more (management.txt,
/// section 9.1).
/// </summary>
internal sealed class StatTable
{
    private readonly Dictionary<string, int> _columns;
    private readonly List<string[]> _rows;

    private StatTable(Dictionary<string, int> columns, List<string[]> rows)
    {
        _columns = columns;
        _rows = rows;
    }

    /// <summary>Null where there is no header. Rows with another number of values than the header has are left out.</summary>
    public static StatTable? TryRead(string answer)
    {
        var lines = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || !lines[0].StartsWith("# pxname,svname,", StringComparison.Ordinal))
            return null;
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        var header = lines[0][2..].Split(',');
        for (var i = 0; i < header.Length; i++)
            columns.TryAdd(header[i], i);
        var rows = lines.Skip(1).Select(Values).Where(values => values.Count == header.Length).Select(values => values.ToArray());
        return new StatTable(columns, [.. rows]);
    }

    /// <summary>What each server of each section has carried, by section and server.</summary>
    public ImmutableSortedDictionary<(string Section, string Server), ServerCounters> Servers()
    {
        var servers = ImmutableSortedDictionary.CreateBuilder<(string, string), ServerCounters>();
        foreach (var row in _rows)
        {
            if (Text(row, "svname") is not ("FRONTEND" or "BACKEND" or "") && Text(row, "type") == "2")
                servers[(Text(row, "pxname"), Text(row, "svname"))] = Counters(row);
        }

        return servers.ToImmutable();
    }

    private ServerCounters Counters(string[] row) => new()
    {
        BytesIn = Number(row, "bin"),
        BytesOut = Number(row, "bout"),
        Connections = Number(row, "stot"),
        Active = (int)Math.Min(int.MaxValue, Number(row, "scur")),
        Requests = Number(row, "req_tot") is var asked and > 0 ? asked : Number(row, "lbtot"),
        ConnectErrors = Number(row, "econ"),
        ResponseErrors = Number(row, "eresp"),
        Answers5xx = Number(row, "hrsp_5xx"),
        ConnectMs = Number(row, "ctime"),
        ResponseMs = Number(row, "rtime"),
        TotalMs = Number(row, "ttime"),
        TotalMsMax = Number(row, "ttime_max"),
        Takes = Text(row, "status") is "no check" or "UP" or "OPEN",
    };

    private string Text(string[] row, string column) => _columns.TryGetValue(column, out var index) ? row[index] : "";

    private long Number(string[] row, string column) =>
        long.TryParse(Text(row, column), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>RFC 4180: a value in double quotes may hold commas, and double quotes twice.</summary>
    private static List<string> Values(string line)
    {
        var values = new List<string>();
        var value = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                value.Append(line[++i]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
                Next();
            else
                value.Append(line[i]);
        }

        Next();
        return values;

        void Next()
        {
            values.Add(value.ToString());
            value.Clear();
        }
    }
}
