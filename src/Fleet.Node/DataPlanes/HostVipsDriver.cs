using System.Collections.Immutable;
using Fleet.Node.Vips;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes;

/// <summary>A data plane whose VIPs are addresses of the host. Both belong to this driver.</summary>
/// <param name="holder">What holds a VIP wholly: <paramref name="vips"/>, and where the data plane has a part in it, that too.</param>
internal sealed class HostVipsDriver(IPlaneDriver carrier, IHostVips vips, IVipHolder holder) : IPlaneDriver
{
    public IDataPlane Plane => carrier.Plane;

    public IVipHolder Vips => holder;

    public int? Pid => carrier.Pid;

    public int? SparePid => carrier.SparePid;

    public ImmutableSortedDictionary<VipAddress, string> Rivals => vips.Rivals;

    /// <remarks>Of what an earlier agent has left, the host's addresses count: a data plane may still listen where none is.</remarks>
    public async Task<ImmutableSortedSet<VipAddress>> ConnectAsync(CancellationToken cancellation)
    {
        await carrier.ConnectAsync(cancellation);
        return vips.Found;
    }

    public Task RunAsync(CancellationToken cancellation) => carrier.RunAsync(cancellation);

    public Task WatchAsync(Action<TimeSpan?> tell, CancellationToken cancellation) => carrier.WatchAsync(tell, cancellation);

    public async Task EndAsync(CancellationToken cancellation)
    {
        await vips.RemoveAsync(cancellation);
        await carrier.EndAsync(cancellation);
    }

    public void Dispose()
    {
        vips.DisposeAsync().AsTask().GetAwaiter().GetResult();
        carrier.Dispose();
    }
}
