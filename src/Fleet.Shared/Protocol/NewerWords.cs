using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Protocol;

/// <summary>
/// Reads part by part the maps and changes that cannot be read as a whole, most likely because a newer leader uses a word that this program does not
/// know. Parts that cannot be read are left out, and the services among them are named.
/// </summary>
public static class NewerWords
{
    /// <summary>False where not even the frame can be read.</summary>
    public static bool TryDecodeLeaderMessage(ReadOnlySpan<byte> text, out LeaderMessage message, out ImmutableArray<LeftOut> leftOut)
    {
        (message, leftOut) = (null!, []);
        if (!TryParse(text, out var root))
            return false;
        var parts = Word(root["kind"]) switch
        {
            "full" => root["map"],
            "change" => root["delta"],
            _ => null,
        };
        return parts is JsonObject map
            && TryPrune(map, out leftOut)
            && Wire.TryDecodeLeaderMessage(JsonSerializer.SerializeToUtf8Bytes(root, Wire.Default.JsonObject), out message);
    }

    /// <inheritdoc cref="TryDecodeLeaderMessage"/>
    public static bool TryDecodeMap(ReadOnlySpan<byte> text, out FleetMap map, out ImmutableArray<LeftOut> leftOut)
    {
        (map, leftOut) = (null!, []);
        return TryParse(text, out var root)
            && TryPrune(root, out leftOut)
            && Wire.TryDecodeMap(JsonSerializer.SerializeToUtf8Bytes(root, Wire.Default.JsonObject), out map);
    }

    /// <summary>A message of a kind that this program does not know, well-formed otherwise: it is for newer ones.</summary>
    public static bool IsOfNewerKind(ReadOnlySpan<byte> text) =>
        TryParse(text, out var root)
            && Word(root["kind"]) is { Length: > 0 } kind
            && kind is not ("welcome" or "ack" or "full" or "change" or "witness-query" or "refusal" or "redirect");

    private static bool TryParse(ReadOnlySpan<byte> text, out JsonObject root)
    {
        root = null!;
        try
        {
            root = JsonSerializer.Deserialize(text, Wire.Default.JsonObject)!;
            // A tree is read lazily: asking for all of it finds keys that stand twice.
            return root is not null && JsonSerializer.SerializeToUtf8Bytes(root, Wire.Default.JsonObject).Length > 0;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }

    private static bool TryPrune(JsonObject map, out ImmutableArray<LeftOut> leftOut)
    {
        var services = new List<LeftOut>();
        Prune(
            map["services"],
            Wire.Default.Service,
            (key, part) =>
                services.Add(
                    new LeftOut(
                        ServiceName.Parse(key ?? Word((part as JsonObject)?["name"]) ?? ""),
                        "it cannot be read: it may be of a newer version of Fleet")));
        Prune(map["vips"], Wire.Default.VipEntry, (_, _) => { });
        Prune(map["nodes"], Wire.Default.NodeEntry, (_, _) => { });
        Prune(map["verdicts"], Wire.Default.Verdict, (_, _) => { });
        leftOut = [.. services];
        return true;
    }

    private static void Prune<T>(JsonNode? parts, JsonTypeInfo<T> type, Action<string?, JsonNode?> pruned)
    {
        if (parts is JsonObject members)
        {
            foreach (var (key, part) in members.Where(member => !IsReadable(member.Value, type)).ToArray())
            {
                pruned(key, part);
                members.Remove(key);
            }
        }
        else if (parts is JsonArray items)
        {
            foreach (var part in items.Where(item => !IsReadable(item, type)).ToArray())
            {
                pruned(null, part);
                items.Remove(part);
            }
        }
    }

    private static bool IsReadable<T>(JsonNode? part, JsonTypeInfo<T> type)
    {
        try
        {
            return part is not null && part.Deserialize(type) is not null;
        }
        catch (Exception e)
            when (e is JsonException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException
                or OverflowException)
        {
            return false;
        }
    }

    private static string? Word(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var word) ? word : null;
}
