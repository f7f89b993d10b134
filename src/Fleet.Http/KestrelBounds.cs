using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Fleet.Http;

/// <summary>Sets the bounds for strangers in a web host: those that Kestrel has, and those that it lacks.</summary>
public static class KestrelBounds
{
    /// <summary>
    /// How many newcomers' connections the kernel holds while others are accepted; fewer where net.core.somaxconn is lower. A newcomer that finds no
    /// place tries again after a second.
    /// </summary>
    private const int Backlog = 4096;

    /// <summary>A rate makes sense only after a while.</summary>
    private static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(5);

    /// <param name="bound">A socket that is bound to that address already; null binds one.</param>
    public static void ListenBounded(this IWebHostBuilder host, IPEndPoint listen, HttpLimits limits, Socket? bound = null)
    {
        var sockets = new SocketTransportOptions { Backlog = Backlog };
        if (bound is not null)
            sockets.CreateBoundListenSocket = _ => bound;
        host.ConfigureServices(services => services.AddSingleton(_ => new ConnectionGate(limits, TimeProvider.System)));
        host.ConfigureServices(services => services.AddSingleton<IConnectionListenerFactory>(provider => new PacedListenerFactory(
            new SocketTransportFactory(Options.Create(sockets), provider.GetRequiredService<ILoggerFactory>()))));
        host.ConfigureKestrel(kestrel =>
        {
            var gate = kestrel.ApplicationServices.GetRequiredService<ConnectionGate>();
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = null;
            kestrel.Limits.MaxConcurrentUpgradedConnections = null;
            kestrel.Limits.MaxRequestBodySize = limits.BodySizeMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.HeadersSizeMax;
            kestrel.Limits.MaxRequestLineSize = Math.Min(limits.HeadersSizeMax, 8 * 1024);
            kestrel.Limits.MaxRequestHeaderCount = limits.HeaderCountMax;
            kestrel.Limits.MaxRequestBufferSize = Math.Max(limits.HeadersSizeMax, 64 * 1024);
            kestrel.Limits.RequestHeadersTimeout = limits.HeadersWithin;
            kestrel.Limits.KeepAliveTimeout = limits.IdleMax;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(limits.ByteRateMin, RateGrace);
            kestrel.Limits.MinResponseDataRate = new MinDataRate(limits.ByteRateMin, RateGrace);
            kestrel.Listen(listen, on =>
            {
                on.Protocols = HttpProtocols.Http1;
                on.Use(next => connection => gate.ServeAsync(connection, next));
            });
        });
    }

    /// <summary>Goes before everything else that looks at requests.</summary>
    /// <param name="uncounted">Paths that may be asked for at any rate.</param>
    public static void UseBounds(this IApplicationBuilder app, HttpLimits limits, TimeProvider time, params string[] uncounted) =>
        app.UseMiddleware<RequestGate>(limits, new RequestRates(limits.RequestsPerSecond, limits.RequestsBurst, time), uncounted);
}
