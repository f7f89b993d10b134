using System.Collections.Immutable;

namespace Fleet.Testing.Linearizability;

/// <summary>Calls whose answers cannot all be true, as few as were found.</summary>
/// <param name="What">What is wrong, in a sentence.</param>
/// <param name="About">What they disagree about; null is the version.</param>
/// <param name="Note">More for whoever looks for the cause.</param>
public sealed record Violation(string What, Item? About, ImmutableArray<Call> Calls, string? Note = null)
{
    private const int LinesMax = 20;

    /// <summary>One line a call: number, operator, from when to when in microseconds, what was asked, what was answered.</summary>
    public override string ToString()
    {
        var shown = Calls.OrderBy(call => call.Invoked).Take(LinesMax).ToArray();
        var cells = shown.Select(call => new[] { $"#{call.Id}", call.Operator, Interval(call), $"{call.Operation}", Answer(call.Outcome) }).ToArray();
        var widths = Enumerable.Range(0, 5).Select(column => cells.Select(row => row[column].Length).DefaultIfEmpty(0).Max()).ToArray();
        var lines = cells.Select(row => "  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        var more = Calls.Length > shown.Length ? [$"  and {Calls.Length - shown.Length} more"] : Array.Empty<string>();
        return string.Join('\n', [What, .. lines, .. more, .. Note is null ? Array.Empty<string>() : [Note]]);
    }

    private static string Interval(Call call) => $"[{call.Invoked.Micros} .. {(call.Returned == Moment.Never ? "" : call.Returned.Micros)}]";

    private string Answer(Outcome outcome) => outcome is Outcome.Saw saw && About is { } item && saw.Sight.TryValue(item, out var value)
        ? $"saw {ValueOf(item, value)}{(saw.Sight.Version is { } version ? $" at {version}" : "")}"
        : $"{outcome}";

    internal static string ValueOf(Item item, string? value) => value is null ? $"no {item}" : $"{item} = {value}";
}
