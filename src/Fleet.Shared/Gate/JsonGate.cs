using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Fleet.Shared.Gate;

/// <summary>Turns JSON from strangers into a model object that keeps every rule, or into every mistake that is in it.</summary>
public static class JsonGate
{
    /// <param name="defaults">Laid under the text, also inside objects.</param>
    /// <param name="table">What is allowed where, for messages.</param>
    /// <param name="rules">The rules of the whole.</param>
    public static bool TryRead<T>(
        ReadOnlySpan<byte> text, JsonTypeInfo<T> type, JsonObject defaults, RuleTable<T> table, Func<T, ImmutableArray<Mistake>> rules,
        [NotNullWhen(true)] out T? value, out ImmutableArray<Mistake> mistakes)
        where T : class
    {
        value = null;
        var found = new List<Mistake>();
        if (JsonReading.Object(text, type, table.AllowedAt, found) is { } read)
        {
            Lay(defaults, read);
            Complete(read, type, "", "", table, found);
            if (TryDeserialize(read, type, found) is { } whole)
            {
                // Where a mistake was found, something else stands in its place already: only the rest is judged.
                var places = found.Select(mistake => mistake.Path).ToArray();
                found.AddRange(rules(whole).Where(mistake => !places.Any(place => Concerns(mistake.Path, place))));
                value = whole;
            }
        }

        mistakes = [.. found.Distinct().Take(JsonReading.MistakesMax)];
        if (mistakes.IsEmpty && value is not null)
            return true;
        value = null;
        return false;
    }

    private static bool Concerns(string path, string place) =>
        place.Length == 0
            || path == place
            || place.StartsWith($"{path}[", StringComparison.Ordinal)
            || path.StartsWith($"{place}.", StringComparison.Ordinal)
            || path.StartsWith($"{place}[", StringComparison.Ordinal);

    private static T? TryDeserialize<T>(JsonObject read, JsonTypeInfo<T> type, List<Mistake> found)
        where T : class
    {
        try
        {
            return read.Deserialize(type);
        }
        catch (Exception e)
            when (e is JsonException or FormatException or ArgumentException or InvalidOperationException or OverflowException
                or NotSupportedException)
        {
            // Reading lets nothing pass that this could fail on. If it fails all the same, that is reported and not thrown.
            if (found.Count == 0)
                found.Add(new Mistake("", Mistake.Quote(e.Message), JsonKinds.Describe(type)));
            return null;
        }
    }

    /// <summary>Adds what is missing, also inside objects.</summary>
    private static void Lay(JsonObject defaults, JsonObject over)
    {
        foreach (var (key, value) in defaults)
        {
            if (!over.TryGetPropertyValue(key, out var given) || given is null)
                over[key] = value?.DeepClone();
            else if (value is JsonObject inner && given is JsonObject givenObject)
                Lay(inner, givenObject);
        }
    }

    /// <summary>Reports required members that are missing, and puts something in their place.</summary>
    private static void Complete<T>(JsonNode node, JsonTypeInfo type, string path, string pattern, RuleTable<T> table, List<Mistake> found)
    {
        if (node is JsonArray items && JsonKinds.KindOf(type) == JsonTypeInfoKind.Enumerable)
        {
            var item = type.Options.GetTypeInfo(type.ElementType!);
            for (var i = 0; i < items.Count; i++)
                Complete(items[i]!, item, $"{path}[{i}]", $"{pattern}[]", table, found);
        }
        else if (node is JsonObject members && JsonKinds.KindOf(type) == JsonTypeInfoKind.Object)
        {
            foreach (var (key, member) in JsonKinds.Members(type))
            {
                var (at, patternAt) = (JsonKinds.Below(path, key), JsonKinds.Below(pattern, key));
                if (members[key] is { } there)
                {
                    Complete(there, member.Type, at, patternAt, table, found);
                    continue;
                }

                if (!member.IsRequired)
                    continue;
                if (!found.Exists(mistake => Concerns(at, mistake.Path)))
                    found.Add(new Mistake(at, "nothing", table.AllowedAt(patternAt) ?? JsonKinds.Describe(member.Type)));
                members[key] = JsonKinds.Placeholder(member.Type);
            }
        }
    }
}
