using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;

namespace Fleet.Coordinator.Api;

/// <summary>A coordinator that does not lead, or not yet, has nothing to say: 503 with a problem document.</summary>
public sealed class LeaderOnly(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (NotLeadingException e) when (!context.Response.HasStarted)
        {
            await Problems.Problem(RefusalKind.Unavailable, e.Message).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
    }
}
