using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Fleet.Shared.Gate;

/// <summary>
/// Reads JSON as a tree of what a type has, and nothing else. Mistakes are unknown keys, keys that stand twice, values of the wrong kind, numbers
/// that no type holds, and strings that are not text. Each is noted with its path and left out, so that reading goes on and all mistakes show at
/// once. It never throws for its input.
/// </summary>
internal ref struct JsonReading
{
    public const int DepthMax = 16;

    /// <summary>The list of mistakes grows no longer than this, however much is wrong.</summary>
    public const int MistakesMax = 100;

    private readonly Func<string, string?> _allowedAt;
    private readonly List<Mistake> _mistakes;
    private Utf8JsonReader _reader;

    private JsonReading(ReadOnlySpan<byte> text, Func<string, string?> allowedAt, List<Mistake> mistakes)
    {
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DepthMax });
        (_allowedAt, _mistakes) = (allowedAt, mistakes);
    }

    /// <summary>The text as an object; null, with a mistake, where it is not one.</summary>
    /// <param name="type">What the object is to be.</param>
    /// <param name="allowedAt">What is allowed at a path with <c>[]</c> for list items, for messages.</param>
    public static JsonObject? Object(ReadOnlySpan<byte> text, JsonTypeInfo type, Func<string, string?> allowedAt, List<Mistake> mistakes)
    {
        var reading = new JsonReading(text, allowedAt, mistakes);
        try
        {
            reading._reader.Read();
            var read = reading.Value(type, "", "") as JsonObject;
            while (reading._reader.Read())
            {
                // Anything that follows is not JSON, and reading it reports that.
            }

            return read;
        }
        catch (JsonException e)
        {
            mistakes.Add(
                new Mistake(
                    "",
                    $"text that is no JSON, or nested too deeply, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}",
                    $"one JSON object, nested at most {DepthMax} deep"));
            return null;
        }
    }

    /// <summary>The value that the reader is at; null, with a mistake, where it is not what the type wants.</summary>
    private JsonNode? Value(JsonTypeInfo type, string path, string pattern)
    {
        switch (JsonKinds.KindOf(type), _reader.TokenType)
        {
            case (JsonTypeInfoKind.Object, JsonTokenType.StartObject):
                return Members(path, pattern, type);
            case (JsonTypeInfoKind.Dictionary, JsonTokenType.StartObject):
                return Members(path, pattern, type);
            case (JsonTypeInfoKind.Enumerable, JsonTokenType.StartArray):
                return Items(type.Options.GetTypeInfo(type.ElementType!), path, pattern);
            case (JsonTypeInfoKind.None, JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False):
                return Leaf(type.Type, path, pattern);
            default:
                Report(path, Shown(), _allowedAt(pattern) ?? JsonKinds.Describe(type));
                _reader.Skip();
                return null;
        }
    }

    private JsonObject Members(string path, string pattern, JsonTypeInfo type)
    {
        var read = new JsonObject();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var key = Text();
            _reader.Read();
            var at = JsonKinds.Below(path, key ?? "?");
            if (key is null)
                Report(path, "a key with half a character (a lone surrogate)", "text in Unicode");
            else if (!seen.Add(key))
                Report(at, "the key twice", "each key once");
            else if (JsonKinds.MemberOf(type, key) is not { } member)
                Report(at, $"an unknown key{JsonKinds.Hint(type, key)}", JsonKinds.Keys(type));
            else if (_reader.TokenType != JsonTokenType.Null || !member.IsNullable)
            {
                if (Value(member.Type, at, JsonKinds.Below(pattern, JsonKinds.KindOf(type) == JsonTypeInfoKind.Dictionary ? "*" : key)) is { } value)
                    read[key] = value;
                continue;
            }

            _reader.Skip();
        }

        return read;
    }

    private JsonArray Items(JsonTypeInfo item, string path, string pattern)
    {
        var read = new JsonArray();
        for (var i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++)
            read.Add(Value(item, $"{path}[{i}]", $"{pattern}[]") ?? JsonKinds.Placeholder(item));
        return read;
    }

    private JsonNode? Leaf(Type type, string path, string pattern)
    {
        var text = _reader.TokenType == JsonTokenType.String ? Text() : Encoding.UTF8.GetString(_reader.ValueSpan);
        if (text is null)
        {
            Report(path, "half a character (a lone surrogate)", "text in Unicode");
            return null;
        }

        if (JsonKinds.Leaf(type, _reader.TokenType, text) is { } value)
            return value;
        Report(path, Shown(), _allowedAt(pattern) ?? JsonKinds.Describe(type));
        return null;
    }

    /// <summary>Null where it is not text: JSON can spell halves of characters.</summary>
    private readonly string? Text()
    {
        try
        {
            return _reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private readonly string Shown() => _reader.TokenType switch
    {
        JsonTokenType.Null => "nothing",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => Mistake.Quote(Text()),
        _ when _reader.ValueSpan.Length > 40 => $"{Encoding.UTF8.GetString(_reader.ValueSpan[..40])}...",
        _ => Encoding.UTF8.GetString(_reader.ValueSpan),
    };

    private readonly void Report(string path, string found, string allowed)
    {
        if (_mistakes.Count < MistakesMax)
            _mistakes.Add(new Mistake(path, found, allowed));
    }
}
