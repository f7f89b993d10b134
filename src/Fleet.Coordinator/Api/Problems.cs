using Fleet.Coordinator.State;
using Fleet.Shared.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Coordinator.Api;

/// <summary>
/// Refusals as problem documents (RFC 9457). What cannot be done now says in its member <c>outcome</c> whether asking again is safe: <c>unchanged</c>, or <c>unknown</c>.
/// </summary>
public static class Problems
{
    public static ProblemHttpResult NotFound(string detail) => Of(RefusalKind.NotFound, detail);

    public static ProblemHttpResult Of(RefusalKind kind, string detail)
    {
        var (status, title) = kind switch
        {
            RefusalKind.NotFound => (StatusCodes.Status404NotFound, "Not found"),
            RefusalKind.Conflict => (StatusCodes.Status409Conflict, "Refused"),
            RefusalKind.Stale => (StatusCodes.Status412PreconditionFailed, "The fleet has moved on"),
            RefusalKind.Invalid => (StatusCodes.Status422UnprocessableEntity, "Invalid"),
            RefusalKind.OutcomeUnknown => (StatusCodes.Status503ServiceUnavailable, "Outcome unknown"),
            _ => (StatusCodes.Status503ServiceUnavailable, "Unavailable"),
        };
        var outcome = kind == RefusalKind.OutcomeUnknown ? Outcomes.Unknown : Outcomes.Unchanged;
        return TypedResults.Problem(
            detail,
            statusCode: status,
            title: title,
            type: kind == RefusalKind.OutcomeUnknown ? Outcomes.UnknownType : null,
            extensions: [KeyValuePair.Create<string, object?>(Outcomes.Member, outcome)]);
    }
}
