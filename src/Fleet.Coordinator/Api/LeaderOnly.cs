using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Shared.Api;

namespace Fleet.Coordinator.Api;

/// <summary>
/// What a coordinator does with a request that is the leader's while it does not lead. A command gets 307 to the same path of the leader that the
/// store names. A read of what the leader observes is answered with the leader's answer, or, when none comes, from what this coordinator knows.
/// Where there is neither it is 503 with a problem document. None of it has changed anything. All other reads are answered here
/// (<see cref="Reading"/>), and so are requests about this process itself. A command waits up to a second for an election that is under way, unless
/// it prefers not to (<see cref="Routes.PreferHeader"/>).
/// </summary>
internal sealed class LeaderOnly(RequestDelegate next, Forwarder forwarder)
{
    /// <summary>Read from what is folded of the journal alone, which every coordinator has.</summary>
    private static readonly string[] Folded = [Routes.Map, Routes.Services, Routes.Events];

    /// <summary>Only a leader has it at all.</summary>
    private static readonly string[] OnlyLeaders = [Routes.Plan, Routes.Publishing, Routes.Projection];

    /// <summary>For a request that prefers not to wait: one question to a store that answers.</summary>
    private static readonly TimeSpan Briefly = TimeSpan.FromMilliseconds(100);

    public async Task InvokeAsync(HttpContext context, Mailbox mailbox, LeaderDirectory leaders, Candidacies candidacies)
    {
        try
        {
            if (mailbox.IsTakingCommands || !IsOfTheFleet(context.Request.Path))
                await next(context);
            else if (HttpMethods.IsGet(context.Request.Method))
                await ReadAsync(context, leaders);
            else if (await candidacies.AwaitLeaderAsync(context.RequestAborted, Within(context)) is { Api: { } api })
                Send(context, api);
            else
                await next(context);
        }
        catch (NotLeadingException e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            var reason = HttpMethods.IsGet(context.Request.Method) ? e.Message : WaitingAsker.UnchangedText(mailbox.WhyNot);
            await Problems.Problem(RefusalKind.Unavailable, reason).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
    }

    private async Task ReadAsync(HttpContext context, LeaderDirectory leaders)
    {
        var path = context.Request.Path;
        var isForwarded = !Folded.Any(known => path.StartsWithSegments(known))
            && !context.Request.Headers.ContainsKey(Routes.ForwardedHeader)
            && await leaders.FindAsync(context.RequestAborted) is { Api: { } api }
            && await forwarder.TryAsync(context, api);
        if (isForwarded)
            return;
        if (OnlyLeaders.Any(theirs => path.StartsWithSegments(theirs)))
            throw new NotLeadingException();
        await next(context);
    }

    private static TimeSpan? Within(HttpContext context) =>
        context.Request.Headers[Routes.PreferHeader].Contains(Routes.PreferNoWait) ? Briefly : null;

    private static bool IsOfTheFleet(PathString path) => path.StartsWithSegments(Routes.Root) && path != Routes.Link && path != Routes.Standby;

    private static void Send(HttpContext context, string api)
    {
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = $"{api}{context.Request.Path.ToUriComponent()}{context.Request.QueryString.ToUriComponent()}";
    }
}
