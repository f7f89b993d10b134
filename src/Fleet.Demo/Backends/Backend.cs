using System.IO.Pipelines;
using System.Net;
using Fleet.Shared.Protocol;
using Microsoft.AspNetCore.Connections;

namespace Fleet.Demo.Backends;

/// <summary>
/// A small real server: <c>GET /</c> says who served whom through which node, <c>GET /healthz</c> is 200, <c>GET /slow?ms=N</c> takes its time,
/// <c>GET /bytes?n=N</c> is long. It wants a PROXY protocol v2 header on every connection and takes the client's address and the node's name from it.
/// </summary>
internal static class Backend
{
    /// <summary>The response header that names the node which relayed the request.</summary>
    public const string NodeHeader = "Fleet-Node";

    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(string name, IPEndPoint listen, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(listen, options => options.Use(ReadProxyHeader)));
        await using var app = builder.Build();
        app.MapGet(
            "/",
            (HttpContext context) =>
                Text(context, $"{name} served {Header(context).Client} through {Header(context).Node} at {Header(context).Vip}\n"));
        app.MapGet("/healthz", () => "ok\n");
        app.MapGet("/slow", async (int ms) =>
        {
            await Task.Delay(Math.Clamp(ms, 0, 60_000), cancellation);
            return "slow\n";
        });
        app.MapGet("/bytes", (int n) => TypedResults.Bytes(new byte[Math.Clamp(n, 0, 100_000_000)]));
        await app.RunAsync(cancellation);
    }

    /// <summary>With its length, so that thin clients know when they have it all.</summary>
    private static Task Text(HttpContext context, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes).AsTask();
    }

    private static ProxyHeader Header(HttpContext context)
    {
        var header = context.Features.Get<ProxyHeader>() ?? new ProxyHeader(null, null, null);
        context.Response.Headers[NodeHeader] = header.Node ?? "nobody";
        return header;
    }

    /// <summary>A time-out or a reset ends the connection, as if the peer had closed it.</summary>
    private static async ValueTask<ReadResult> ReadAsync(PipeReader input, CancellationToken patience)
    {
        try
        {
            return await input.ReadAsync(patience);
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionResetException)
        {
            return new ReadResult(default, isCanceled: false, isCompleted: true);
        }
    }

    private static ConnectionDelegate ReadProxyHeader(ConnectionDelegate next) => async connection =>
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(HeaderPatience);
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await ReadAsync(input, patience.Token);
            var parsed = ProxyHeader.Read(read.Buffer.FirstSpan, out var header, out var length);
            if (parsed == ProxyParse.Bad || (parsed == ProxyParse.Short && read.IsCompleted))
            {
                connection.Abort(new ConnectionAbortedException("No PROXY header."));
                return;
            }

            if (parsed == ProxyParse.Whole)
            {
                input.AdvanceTo(read.Buffer.GetPosition(length));
                connection.Features.Set(header);
                break;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        await next(connection);
    };
}
