using System.Text;
using Fleet.Mutants.Running;
using Fleet.Mutants.Weaving;

namespace Fleet.Mutants.Telling;

/// <summary>What was found out, for a terminal and for the documentation.</summary>
public static class Table
{
    private const string Begin = "<!-- mutants: written by ./fleet sim --mutants --write -->";
    private const string End = "<!-- /mutants -->";
    private const string Nothing = "**nothing**";
    private const string BySimulation = "simulation: ";

    public static string Terminal(Findings findings)
    {
        var text = new StringBuilder();
        foreach (var verdict in findings.Verdicts)
            text.Append($"{verdict.Mutant.Id,-60} {By(verdict),-100} {Progress.Seconds(verdict.Took),8}\n");
        text.Append('\n').Append(Summary(findings)).Append('\n');
        foreach (var survivor in findings.Survivors)
            text.Append($"  survives: {survivor.Mutant.Id}: {survivor.Mutant.Why}\n");
        foreach (var mutant in findings.NotRun)
            text.Append($"  no time for: {mutant.Id}\n");
        if (findings.Unsteady.Count > 0)
            text.Append($"  unsteady here without any mutant, and left out: {string.Join(", ", findings.Unsteady)}\n");
        return text.ToString();
    }

    public static string Summary(Findings findings)
    {
        var caught = findings.Verdicts.Where(verdict => verdict.Caught is not null).ToArray();
        string Count(Stage stage) => $"{caught.Count(verdict => verdict.Caught == stage)}";
        return $"{caught.Length} of {findings.Verdicts.Count + findings.NotRun.Count} mutants are caught: {Count(Stage.Named)} by the tests that "
            + $"the catalogue names, "
            + $"{Count(Stage.Simulation)} by the simulation, {Count(Stage.Suites)} by other unit tests; "
            + $"{Math.Ceiling(findings.Took.TotalMinutes):0} min.";
    }

    /// <summary>The document with the table between its two marks. Lines of mutants that were not tried this time stay as they are.</summary>
    /// <param name="all">Lines of any other are dropped.</param>
    /// <exception cref="MutantsException">The marks are not there.</exception>
    public static string Into(string document, Findings findings, IReadOnlyList<Mutant> all)
    {
        var (begin, end) = (document.IndexOf(Begin, StringComparison.Ordinal), document.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
            throw new MutantsException($"The document has no lines '{Begin}' and '{End}' to put the table between.");
        return $"{document[..begin]}{Begin}\n{Markdown(Lines(document[begin..end], findings, all), all.Count)}{document[end..]}";
    }

    private static string[] Lines(string before, Findings findings, IReadOnlyList<Mutant> all)
    {
        var known = before.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .ToLookup(line => line.Split(' ')[1], StringComparer.Ordinal);
        var tried = findings.Verdicts.ToDictionary(verdict => verdict.Mutant.Id, Line);
        return [.. all.Select(mutant => tried.GetValueOrDefault(mutant.Id) ?? known[mutant.Id].FirstOrDefault()).OfType<string>()];
    }

    private static string Markdown(string[] lines, int all)
    {
        var caught = lines.Count(line => !line.EndsWith($"{Nothing} |", StringComparison.Ordinal));
        var bySimulation = lines.Count(line => line.Contains($"| {BySimulation}", StringComparison.Ordinal));
        var text = new StringBuilder($"{caught} of {all} mutants are caught, {bySimulation} of them by the simulation alone.\n\n");
        text.Append("| mutant | what it breaks | caught by |\n|---|---|---|\n");
        foreach (var line in lines)
            text.Append(line).Append('\n');
        return text.ToString();
    }

    private static string Line(Verdict verdict) =>
        $"| {verdict.Mutant.Id} | {verdict.Mutant.Why.Replace("|", "\\|", StringComparison.Ordinal)} | {By(verdict)} |";

    private static string By(Verdict verdict) => verdict.Caught switch
    {
        null => Nothing,
        Stage.Simulation => $"{BySimulation}{verdict.By}",
        _ => verdict.By,
    };
}
