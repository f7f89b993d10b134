using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Shared.Api;

namespace Fleet.Cli.Messages;

/// <summary>What a problem document (RFC 9457) says, as far as a person needs it.</summary>
/// <param name="Outcome">For a command that cannot be done now: one of <see cref="Outcomes"/>.</param>
internal sealed record Problem(string? Title, string? Detail, int? Status, string? Outcome = null)
{
    /// <summary>The answer to a command promises that nothing was changed, so the command may be sent to another coordinator.</summary>
    public static bool SaysUnchanged(string body) => Read(body)?.Outcome == Outcomes.Unchanged;

    /// <summary>One sentence: the document's detail, else its title, else what the status code means.</summary>
    public static string Sentence(HttpStatusCode status, string body)
    {
        var problem = Read(body);
        return problem?.Detail ?? problem?.Title ?? status switch
        {
            HttpStatusCode.NotFound => "the fleet knows nothing of that name.",
            HttpStatusCode.Conflict => "the fleet refused.",
            HttpStatusCode.Forbidden => "that is not permitted to whoever asked.",
            HttpStatusCode.PreconditionFailed => "the fleet has moved on since that version.",
            HttpStatusCode.ServiceUnavailable => "it cannot do that now.",
            _ => $"the answer was {(int)status} {status}.",
        };
    }

    /// <summary>Null where the body is no problem document.</summary>
    public static Problem? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ProblemJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The members of RFC 9457, section 3.1; the rest of the API is written in another manner.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
