using System.Collections.Immutable;
using Fleet.Node.Vips;
using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>The relay as a kind of data plane: one process carries the traffic and holds the VIPs, and a spare stands by.</summary>
/// <param name="freeBind">The addresses of VIPs are somebody else's business.</param>
internal sealed class RelayDriver(RelayClient relay, bool freeBind = false) : IPlaneDriver
{
    public IDataPlane Plane { get; } = new RelayPlane(relay);

    public IVipHolder Vips { get; } = new RelayVips(relay, freeBind);

    public int? Pid => relay.Pid;

    public int? SparePid => relay.SparePid;

    public static RelayDriver Create(NodeSettings settings, string node, MonotonicClock clock, ILoggerFactory logs)
    {
        var options = new RelayClientOptions
        {
            SocketPath = Path.Combine(Directory.CreateDirectory(settings.Data).FullName, "relay.sock"),
            SparePath = settings.Relay.Spare ? Path.Combine(settings.Data, "spare.sock") : null,
            // No longer than the other path, so a path that fits into a socket's address still fits.
            Node = node,
            OrphanMax = settings.Relay.OrphanMax,
            ConnectTimeout = settings.Relay.ConnectTimeout,
            LogFile = Path.Combine(settings.Data, "relay.log"),
        };
        var client = new RelayClient(options, new RelayHost(options), clock.Time, logs.CreateLogger<RelayClient>());
        return new RelayDriver(client, freeBind: settings.Vips != VipsKind.Relay);
    }

    public async Task<ImmutableSortedSet<VipAddress>> ConnectAsync(CancellationToken cancellation) =>
        (await relay.ConnectAsync(cancellation)).Held ?? [];

    /// <exception cref="RelayReplacedException">The relay has a newer agent.</exception>
    public Task RunAsync(CancellationToken cancellation) => relay.RunAsync(cancellation);

    public Task EndAsync(CancellationToken cancellation) => relay.EndAsync(cancellation);

    public void Dispose() => relay.Dispose();
}
