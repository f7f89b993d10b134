using Fleet.Coordinator.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Coordinator.Api;

/// <summary>Refusals as problem documents (RFC 9457).</summary>
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
            _ => (StatusCodes.Status503ServiceUnavailable, "Unavailable"),
        };
        return TypedResults.Problem(detail, statusCode: status, title: title);
    }
}
