using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Placement.Model;

namespace Fleet.Placement.Documents;

/// <summary>What a text says about a placement problem.</summary>
/// <param name="Problem">Null when there are mistakes.</param>
/// <param name="Mistakes">
/// Each says where, what was found and what is allowed. All are reported at once, but text that is no JSON, or a value of the wrong kind, ends the
/// reading.
/// </param>
/// <param name="Remarks">What is strange and was ignored.</param>
public sealed record ProblemReading(PlacementProblem? Problem, ImmutableArray<string> Mistakes, ImmutableArray<string> Remarks);

/// <summary>Reads and writes the input of <c>pbm plan</c>.</summary>
public static class ProblemText
{
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["protection"] = "an object such as {\"nodes\": 1}",
        ["placement"] = "an object such as {\"share-max\": 0.05}",
        ["vips"] = "a list of objects",
        ["domains"] = "a whole number",
        ["utilisation-max"] = "a number",
        ["balance-band"] = "a number",
        ["share-max"] = "a number",
        ["capacity-bps"] = "a number",
        ["capacity-cps"] = "a number",
        ["demand-bps"] = "a number",
        ["demand-cps"] = "a number",
        ["standbys"] = "a list of names",
    };

    public static string Write(PlacementProblem problem) =>
        JsonSerializer.Serialize(ProblemDocument.From(problem), PlacementJson.Default.ProblemDocument);

    public static ProblemReading Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, PlacementJson.Default.ProblemDocument) is { } document
                ? new ProblemReader(document).Read()
                : Unreadable("null is no problem: an object with nodes and vips is.");
        }
        catch (JsonException e)
        {
            return Unreadable($"{Place(e)}: {What(e)}");
        }
    }

    private static ProblemReading Unreadable(string mistake) => new(null, [mistake], []);

    private static string Place(JsonException e) => $"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}";

    /// <summary>A value of the wrong kind is reported in the document's words, broken JSON grammar in the reader's.</summary>
    private static string What(JsonException e)
    {
        var path = e.Path is { Length: > 2 } at && at.StartsWith("$.", StringComparison.Ordinal) ? at[2..] : "";
        var reader = e.InnerException is JsonException { Message: var message } ? message : e.Message;
        if (e.InnerException is not JsonException && reader.Contains("could not be converted", StringComparison.Ordinal))
            return path.Length == 0 ? "an object with nodes and vips was expected." : $"{path} must be {Kind(path)}.";
        var end = reader.IndexOf(" Path:", StringComparison.Ordinal) is >= 0 and var p ? p : reader.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"this is not JSON: {(end < 0 ? reader : reader[..end])}";
    }

    private static string Kind(string path)
    {
        var key = path[(path.LastIndexOf('.') + 1)..];
        if (key.EndsWith(']'))
            return key.StartsWith("standbys", StringComparison.Ordinal) ? "a name" : "an object";
        if (key == "nodes")
            return path == "nodes" ? "a list of objects" : "a whole number";
        return Kinds.GetValueOrDefault(key, "a text");
    }
}
