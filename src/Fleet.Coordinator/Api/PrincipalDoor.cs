using Fleet.Shared.Api;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Coordinator.Api;

/// <summary>
/// The one place where a request gets its principal: who asks, by what proof, and from where. The name in the header is a claim, whatever it says. A
/// token or a certificate would be looked at here too.
/// </summary>
internal sealed class PrincipalDoor(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var claimed = context.Request.Headers[Routes.ActorHeader].ToString();
        if (claimed.Length > 0 && !Texts.Actor.Has(claimed))
        {
            await Problems.Problem([new Mistake(Routes.ActorHeader, Mistake.Quote(claimed), Texts.Actor.Allowed)]).ExecuteAsync(context);
            return;
        }

        context.Features.Set(Principal.Claimed(claimed.Length > 0 ? claimed : null, context.Connection.RemoteIpAddress));
        await next(context);
    }

    /// <summary>Who asks.</summary>
    /// <exception cref="InvalidOperationException">The request did not come through the door.</exception>
    public static Principal Of(HttpContext context) => context.Features.GetRequiredFeature<Principal>();
}
