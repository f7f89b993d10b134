using Fleet.Shared.Config;
using Microsoft.AspNetCore.Http;

namespace Fleet.Http;

/// <summary>
/// Bounds those who follow a stream of events: a newcomer gets in, and the one that has followed longest is closed. Browsers and pbm come back by
/// themselves.
/// </summary>
public sealed class FollowerGate(RequestDelegate next, HttpLimits limits, string path)
{
    private readonly GiveWay<HttpContext> _followers = new(limits.FollowersMax);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path != path)
        {
            await next(context);
            return;
        }

        foreach (var oldest in _followers.Hold(context))
            oldest.Abort();
        try
        {
            await next(context);
        }
        finally
        {
            _followers.Leave(context);
        }
    }
}
