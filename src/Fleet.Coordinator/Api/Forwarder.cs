using Fleet.Coordinator.Control;
using Fleet.Shared.Api;

namespace Fleet.Coordinator.Api;

/// <summary>
/// Answers a read with the leader's answer, so that a browser gets it from the coordinator whose page it shows: it may not follow a redirect to
/// another. Reads only: a command is sent to the leader by 307, so that nobody but its sender ever repeats it, and the leader sees who asks.
/// </summary>
internal sealed class Forwarder(CoordinatorIdentity identity) : IDisposable
{
    /// <summary>A leader that was stopped takes connections and answers nothing: what this coordinator knows itself is better then.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(1);

    private static readonly string[] Kept =
        [Routes.CoordinatorHeader, Routes.VersionHeader, Routes.AgeHeader, Routes.ObservedHeader, "Content-Type"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectTimeout = Within })
    {
        Timeout = Within,
    };

    /// <summary>False when the leader did not answer, or could not: then nothing has been said.</summary>
    public async Task<bool> TryAsync(HttpContext context, string api)
    {
        try
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"{api}{context.Request.Path.ToUriComponent()}{context.Request.QueryString.ToUriComponent()}");
            request.Headers.Add(Routes.ForwardedHeader, identity.Name);
            using var answer = await _http.SendAsync(request, context.RequestAborted);
            if ((int)answer.StatusCode is >= 300 and < 400 or >= 500 or StatusCodes.Status429TooManyRequests)
                return false;
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var name in Kept)
            {
                if (answer.Headers.NonValidated.TryGetValues(name, out var values)
                    || answer.Content.Headers.NonValidated.TryGetValues(name, out values))
                    context.Response.Headers[name] = values.ToString();
            }

            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
            return true;
        }
        catch (Exception e)
            when (!context.Response.HasStarted
                && !context.RequestAborted.IsCancellationRequested
                && e is HttpRequestException or OperationCanceledException or IOException or UriFormatException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();
}
