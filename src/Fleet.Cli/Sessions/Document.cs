using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Cli.Sessions;

/// <summary>An answer of the API, read as a view for people and kept as it was sent for programs, with whatever this pbm does not know of.</summary>
internal sealed record Document<T>(T View, JsonNode Json);

/// <summary>Works on both forms of a document at once, so that <c>--json</c> and the tables never differ.</summary>
internal static class Documents
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The elements that a filter keeps, in both forms.</summary>
    public static Document<ImmutableArray<T>> Where<T>(this Document<ImmutableArray<T>> list, Func<T, bool> keeps)
    {
        var kept = Enumerable.Range(0, list.View.Length).Where(i => keeps(list.View[i])).ToList();
        return new([.. kept.Select(i => list.View[i])], new JsonArray([.. kept.Select(i => list.Json[i]?.DeepClone())]));
    }

    public static string ToText(this JsonNode json) => json.ToJsonString(Indented);
}
