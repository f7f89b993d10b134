using Fleet.Coordinator.Control;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Coordinator.Api;

/// <summary>
/// An unforeseen failure in a request becomes a problem document with an id that is also in the log. A request that the server could not read gets a
/// problem document that says so.
/// </summary>
internal sealed partial class FailureProblems(RequestDelegate next, ILogger<FailureProblems> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody to tell.
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(context, TypedResults.Problem(e.Message, statusCode: e.StatusCode, title: "Bad request"));
        }
        catch (Exception e)
        {
            var id = FailureId.New();
            LogFailed(e, id, context.Request.Method, context.Request.Path);
            await AnswerAsync(context, Problems.Failed(id, $"The coordinator failed to answer; its log says more under {id}."));
        }
    }

    private static async Task AnswerAsync(HttpContext context, ProblemHttpResult problem)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        await problem.ExecuteAsync(context);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Failure {Id}: {Method} {Path}")]
    private partial void LogFailed(Exception exception, string id, string method, string path);
}
