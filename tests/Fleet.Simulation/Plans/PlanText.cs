using Fleet.Simulation.Faults;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Plans;

/// <summary>
/// A plan as text: lines with <c>#</c> say what they like, then the settings that are not as usual, then the faults, which begin with their moments.
/// </summary>
public static class PlanText
{
    private const string Quiet = "quiet";

    /// <summary>What the watch address of a node has room for.</summary>
    private const int NodesMax = 250;

    public static string Write(FaultPlan plan, params IEnumerable<string> remarks) => string.Concat(
        ((IEnumerable<string>)
        [
            .. remarks.Select(remark => $"# {remark}"),
            .. SettingLines.Write(plan.Settings),
            $"{Quiet} {PlainValue.Text(plan.Quiet)}",
            .. plan.Faults.Select(FaultLine.Write),
        ]).Select(line => line + "\n"));

    /// <exception cref="FormatException">A line makes no sense: which, and why.</exception>
    public static FaultPlan Read(string text)
    {
        var settings = SettingLines.Empty;
        var faults = new List<Fault>();
        TimeSpan? quiet = null;
        foreach (var (index, line) in text.Split('\n').Select(l => l.Trim()).Index().Where(l => l.Item.Length > 0 && !l.Item.StartsWith('#')))
        {
            try
            {
                if (char.IsAsciiDigit(line[0]))
                    faults.Add(FaultLine.Read(line));
                else if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var name, var word])
                    throw new FormatException("a setting is a name and a value");
                else if (name == Quiet)
                    quiet = (TimeSpan)PlainValue.Read(word, typeof(TimeSpan));
                else
                    settings = SettingLines.Read(settings, name, word);
            }
            catch (FormatException e)
            {
                throw new FormatException($"line {index + 1}: {e.Message}", e);
            }
        }

        return Checked(settings, faults, quiet);
    }

    private static FaultPlan Checked(WorldSettings settings, IEnumerable<Fault> faults, TimeSpan? quiet)
    {
        if (settings.Nodes is < 1 or > NodesMax)
            throw new FormatException($"'nodes' is to be 1 to {NodesMax}");
        if (settings.Sites.Count == 0)
            throw new FormatException("'sites' names none");
        return quiet is { } end && end > TimeSpan.Zero
            ? new FaultPlan(settings, [.. faults.OrderBy(f => f.At)], end)
            : throw new FormatException("'quiet' is to say when the trouble ends, such as 'quiet 20s'");
    }
}
