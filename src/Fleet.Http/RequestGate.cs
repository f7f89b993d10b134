using System.Globalization;
using Fleet.Shared.Api;
using Fleet.Shared.Config;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Http;

/// <summary>
/// Every request passes this gate: its connection counts as served, its stranger has not asked too often, and its body is read to the end before
/// anybody looks at it. So a slow body holds nothing but its place among the bodies, which it loses to a newcomer.
/// </summary>
internal sealed class RequestGate(RequestDelegate next, HttpLimits limits, RequestRates rates, IReadOnlyCollection<string> uncounted)
{
    private readonly GiveWay<HttpContext> _bodies = new(limits.BodiesMax);
    private int _carriedOut;

    public async Task InvokeAsync(HttpContext context)
    {
        var visit = context.Features.Get<Visit>();
        visit?.Serve();
        try
        {
            if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
                await WithBodyAsync(context);
            else
                await CountedAsync(context);
        }
        finally
        {
            visit?.Wait();
        }
    }

    /// <summary>Only whole requests are counted: those that never come whole must not use up what their address may ask.</summary>
    private async Task CountedAsync(HttpContext context)
    {
        if (uncounted.Contains(context.Request.Path.Value) || rates.TryTake(context.Connection.RemoteIpAddress, out var retryAfter))
        {
            await next(context);
            return;
        }

        await RefuseAsync(
            context,
            StatusCodes.Status429TooManyRequests,
            "Too many requests",
            $"This address has asked more than {limits.RequestsBurst} times at once, or {limits.RequestsPerSecond} times a second: ask less often.",
            retryAfter);
    }

    private async Task WithBodyAsync(HttpContext context)
    {
        var fault = context.Request.ContentLength > limits.BodySizeMax * 2 ? StatusCodes.Status413PayloadTooLarge : await ReadAsync(context);
        if (fault == StatusCodes.Status413PayloadTooLarge)
        {
            await RefuseAsync(context, fault.Value, "Too large", $"The body is larger than the {limits.BodySizeMax} bytes that are allowed.");
            return;
        }

        if (fault is { } status)
        {
            await RefuseAsync(
                context, status, "No body", $"The body did not come whole, at {limits.ByteRateMin} bytes per second at least: send it again.");
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _carriedOut) <= limits.BodiesMax)
                await CountedAsync(context);
            else
                await RefuseAsync(
                    context,
                    StatusCodes.Status503ServiceUnavailable,
                    "Busy",
                    $"{limits.BodiesMax} changes are being carried out: ask again.",
                    TimeSpan.FromSeconds(1));
        }
        finally
        {
            Interlocked.Decrement(ref _carriedOut);
        }
    }

    /// <summary>Puts the whole body in memory. Returns null, or the status of a body that cannot be had.</summary>
    private async Task<int?> ReadAsync(HttpContext context)
    {
        foreach (var oldest in _bodies.Hold(context))
            oldest.Abort();
        try
        {
            // The gate counts for itself: a connection that is closed with a half-read body resets, and the answer is lost with it.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } kestrel)
                kestrel.MaxRequestBodySize = null;
            var body = new MemoryStream();
            if (!await TryCopyAsync(context.Request.Body, body, context.RequestAborted))
                return StatusCodes.Status413PayloadTooLarge;
            body.Position = 0;
            context.Request.Body = body;
            return null;
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode;
        }
        catch (IOException)
        {
            return StatusCodes.Status400BadRequest;
        }
        finally
        {
            _bodies.Leave(context);
        }
    }

    /// <summary>False for a body beyond its bound: as much again is read and thrown away.</summary>
    private async Task<bool> TryCopyAsync(Stream from, MemoryStream to, CancellationToken cancellation)
    {
        var part = new byte[16 * 1024];
        for (long total = 0; total <= limits.BodySizeMax * 2;)
        {
            var read = await from.ReadAsync(part, cancellation);
            if (read == 0)
                return total <= limits.BodySizeMax;
            total += read;
            if (total <= limits.BodySizeMax)
                to.Write(part, 0, read);
        }

        return false;
    }

    /// <summary>A problem document (RFC 9457). What the stranger goes on sending is not read.</summary>
    private static Task RefuseAsync(HttpContext context, int status, string title, string detail, TimeSpan? retryAfter = null)
    {
        if (context.RequestAborted.IsCancellationRequested)
            return Task.CompletedTask;
        if (retryAfter is { } after)
            context.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (status == StatusCodes.Status413PayloadTooLarge)
            context.Response.Headers.Connection = "close";
        return TypedResults
            .Problem(
                detail, statusCode: status, title: title, extensions: [KeyValuePair.Create<string, object?>(Outcomes.Member, Outcomes.Unchanged)])
            .ExecuteAsync(context);
    }
}
