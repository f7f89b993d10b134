using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Shared.Api;
using Fleet.Shared.Gate;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Coordinator.Api;

/// <summary>
/// Refusals as problem documents (RFC 9457). When something cannot be done now, the member <c>outcome</c> says whether asking again is safe:
/// <c>unchanged</c>, or <c>unknown</c>.
/// </summary>
internal static class Problems
{
    public static ProblemHttpResult NotFound(string detail) => Problem(RefusalKind.NotFound, detail);

    public static ProblemHttpResult Problem(RefusalKind kind, string detail) => Problem(kind, detail, null);

    /// <summary>Every mistake by itself in <c>errors</c>, and all of them in the detail.</summary>
    public static ProblemHttpResult Problem(ImmutableArray<Mistake> mistakes) => Problem(
        RefusalKind.Invalid,
        $"{Mistake.Join(mistakes)}.",
        [
            KeyValuePair.Create<string, object?>(
                "errors",
                mistakes.Select(m => new Dictionary<string, string> { ["path"] = m.Path, ["found"] = m.Found, ["allowed"] = m.Allowed }).ToArray()),
        ]);

    /// <summary>An unforeseen failure: its id leads to the cause in the log.</summary>
    public static ProblemHttpResult Failed(string id, string detail) =>
        Problem(RefusalKind.Failed, detail, [KeyValuePair.Create<string, object?>("id", id)]);

    private static ProblemHttpResult Problem(RefusalKind kind, string detail, IEnumerable<KeyValuePair<string, object?>>? more)
    {
        var (status, title) = kind switch
        {
            RefusalKind.NotFound => (StatusCodes.Status404NotFound, "Not found"),
            RefusalKind.Conflict => (StatusCodes.Status409Conflict, "Refused"),
            RefusalKind.Stale => (StatusCodes.Status412PreconditionFailed, "The fleet has moved on"),
            RefusalKind.Invalid => (StatusCodes.Status422UnprocessableEntity, "Invalid"),
            RefusalKind.Forbidden => (StatusCodes.Status403Forbidden, "Not permitted"),
            RefusalKind.OutcomeUnknown => (StatusCodes.Status503ServiceUnavailable, "Outcome unknown"),
            RefusalKind.Failed => (StatusCodes.Status500InternalServerError, "Failed"),
            _ => (StatusCodes.Status503ServiceUnavailable, "Unavailable"),
        };
        var isUnknown = kind == RefusalKind.OutcomeUnknown;
        return TypedResults.Problem(
            detail,
            statusCode: status,
            title: title,
            type: isUnknown ? Outcomes.UnknownType : null,
            extensions: [KeyValuePair.Create<string, object?>(Outcomes.Member, isUnknown ? Outcomes.Unknown : Outcomes.Unchanged), .. more ?? []]);
    }
}
