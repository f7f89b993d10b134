using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.Cli.Sessions;

/// <summary>One request, for whichever coordinator answers.</summary>
/// <param name="OnlyAt">The version that the fleet must still be at; null is any.</param>
/// <param name="Body">JSON, or null.</param>
/// <param name="Actor">Who asks, for the journal; null leaves it to the coordinator to say.</param>
internal sealed record Call(HttpMethod Method, string Path, MapVersion? OnlyAt = null, string? Body = null, string? Actor = null)
{
    public bool Changes => Method != HttpMethod.Get;

    /// <param name="isPatient">False where another coordinator has waited for a leader already, and found none.</param>
    public HttpRequestMessage At(Uri target, bool isPatient = true)
    {
        var request = new HttpRequestMessage(Method, target);
        if (!isPatient)
            request.Headers.TryAddWithoutValidation(Routes.PreferHeader, Routes.PreferNoWait);
        if (Actor is not null)
            request.Headers.TryAddWithoutValidation(Routes.ActorHeader, Actor);
        if (OnlyAt is { } version)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        if (Body is not null)
            request.Content = new StringContent(Body, Encoding.UTF8, "application/json");
        else if (Changes)
            // A request without a body is sent again by the framework, up to four times, when the server closes without an answer.
            request.Content = new ByteArrayContent([]);
        return request;
    }
}

/// <summary>
/// Finds a coordinator that answers: tries each URL in turn and follows a follower's 307 to its leader. A command is repeated elsewhere only when it
/// was certainly not carried out: nobody was there, or the one that answered promised that nothing was changed.
/// </summary>
internal sealed class Reach(IReadOnlyList<Uri> urls, TimeSpan timeout) : IDisposable
{
    private const int RedirectsMax = 3;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectTimeout = timeout / 2 })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The URL that answered last is asked first.</summary>
    private int _answered;

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Returns any answer but "not now". It must come within the time-out, unless it is a stream, which may have nothing to say for long. Throws <see
    /// cref="PbmException"/> with <see cref="ExitCode.Unreachable"/> when there is none.
    /// </summary>
    public async Task<HttpResponseMessage> AskAsync(Call call, HttpCompletionOption until, CancellationToken cancel)
    {
        var misses = new List<string>();
        var isPatient = true;
        for (var i = 0; i < urls.Count; i++)
        {
            var url = urls[(_answered + i) % urls.Count];
            try
            {
                var response = await FollowAsync(url, call, isPatient, until, cancel);
                if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout))
                {
                    _answered = (_answered + i) % urls.Count;
                    return response;
                }

                var body = await response.Content.ReadAsStringAsync(cancel);
                if (call.Changes && !Problem.SaysUnchanged(body))
                    throw Unknown($"{url.Show()} says: {Problem.Sentence(response.StatusCode, body)}", body);
                misses.Add($"{url.Show()} says: {Problem.Sentence(response.StatusCode, body).TrimEnd('.')}");
                response.Dispose();
                isPatient = false;
            }
            catch (HttpRequestException e)
            {
                if (call.Changes
                    && e.HttpRequestError != HttpRequestError.ConnectionError
                    && e.HttpRequestError != HttpRequestError.NameResolutionError)
                    throw Unknown($"{url.Show()} broke off before it answered ({Reason(e)}).");
                misses.Add($"{url.Show()} does not answer ({Reason(e)})");
            }
            catch (TimeoutException)
            {
                if (call.Changes)
                    throw Unknown($"{url.Show()} did not answer within {timeout.TotalSeconds:0.###} s.");
                misses.Add($"{url.Show()} does not answer (nothing within {timeout.TotalSeconds:0.###} s)");
            }
        }

        throw PbmException.Unreachable($"{string.Join("; ", misses)}. --url or {GlobalOptions.UrlVariable} says where else the fleet's API is.");
    }

    private async Task<HttpResponseMessage> FollowAsync(
        Uri url, Call call, bool isPatient, HttpCompletionOption until, CancellationToken cancel)
    {
        var target = new Uri(url, call.Path);
        for (var hop = 0; ; hop++)
        {
            using var request = call.At(target, isPatient);
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            if (until == HttpCompletionOption.ResponseContentRead)
                bounded.CancelAfter(timeout);
            HttpResponseMessage response;
            try
            {
                response = await _http.SendAsync(request, until, bounded.Token);
            }
            catch (SocketException e)
            {
                // The client does not wrap the exception when a connection is reset in the moment it is made.
                throw new HttpRequestException(HttpRequestError.ConnectionError, e.Message, e);
            }
            catch (OperationCanceledException e) when (!bounded.IsCancellationRequested)
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, "nobody took the connection", e.InnerException);
            }
            catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
            {
                throw new TimeoutException($"{target} did not answer.", e);
            }

            if (response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location || hop == RedirectsMax)
                return response;
            target = new Uri(target, location);
            response.Dispose();
        }
    }

    private static string Reason(HttpRequestException e) =>
        e.InnerException is SocketException socket ? socket.Message : e.Message;

    private static PbmException Unknown(string what, string? body = null) => new(
        ExitCode.Unreachable,
        $"whether the command was carried out is not known, so pbm does not repeat it: look first (pbm cluster show, pbm cluster tail). {what}",
        body is not null && Problem.Read(body) is not null ? body : null);
}

internal static class Urls
{
    /// <summary>As a person writes it: no trailing slash.</summary>
    public static string Show(this Uri url) => url.GetLeftPart(UriPartial.Authority);
}
