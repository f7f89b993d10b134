using System.Text.Json;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Stores;

/// <summary>Whom the leadership was given to, and under which term: what a store keeps about it, in whatever form.</summary>
internal sealed record TermHolder(long Term, CoordinatorAddress Address)
{
    /// <summary>One JSON object, in UTF-8.</summary>
    public byte[] ToJson()
    {
        using var written = new MemoryStream();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteNumber("term", Term);
            json.WriteString("name", Address.Name);
            json.WriteString("link", Address.Link?.ToString());
            json.WriteString("api", Address.Api);
            json.WriteEndObject();
        }

        return written.ToArray();
    }

    /// <summary>
    /// Null when it is no holder. One whose link is of a transport that this build does not know is known by its name and its API.
    /// </summary>
    public static TermHolder? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var written = document.RootElement;
            return new TermHolder(written.GetProperty("term").GetInt64(), new CoordinatorAddress(
                written.GetProperty("name").GetString() ?? "",
                LinkAddress.TryParse(written.GetProperty("link").GetString() ?? "", LinkTransport.Ws, out var link) ? link : null,
                written.GetProperty("api").GetString()));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
