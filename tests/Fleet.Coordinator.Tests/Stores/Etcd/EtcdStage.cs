using System.Net;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Demo.Servers;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;
using Fleet.Testing.Wan;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>An etcd of a test's own, with a wire before each member that can be cut, and stores that use it.</summary>
internal sealed class EtcdStage : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _stores = [];

    private EtcdStage(EtcdCluster cluster)
    {
        Cluster = cluster;
        Wires = [.. cluster.Endpoints.Select(member => new TcpProxy(new IPEndPoint(IPAddress.Loopback, LoopbackPort.Next()), member))];
        Settings = EtcdServers.For([.. Wires.Select(wire => wire.Address)]);
    }

    public EtcdCluster Cluster { get; }

    /// <summary>In the order of the members, and of the endpoints: the first is preferred.</summary>
    public IReadOnlyList<TcpProxy> Wires { get; }

    public EtcdSettings Settings { get; }

    public static async Task<EtcdStage> StartAsync(EtcdOptions options, CancellationToken cancellation) =>
        new(await EtcdCluster.StartAsync(options, cancellation));

    public EtcdFleetStore Open(EtcdSettings? settings = null, LeadershipTiming? timing = null)
    {
        var store = EtcdServers.Open(settings ?? Settings, timing);
        _stores.Add(store);
        return store;
    }

    public EtcdClient Client(EtcdSettings? settings = null) => new(settings ?? Settings, new LocalDisk(), TimeProvider.System, NullLogger.Instance);

    /// <summary>Settings that prefer that member.</summary>
    public EtcdSettings Preferring(EtcdMember member)
    {
        var first = Cluster.Members.ToList().IndexOf(member);
        return Settings with { Endpoints = [.. Settings.Endpoints.Skip(first), .. Settings.Endpoints.Take(first)] };
    }

    public static async Task<List<JournalEntry>> ReadAsync(IFleetStore store, long from, CancellationToken cancellation)
    {
        var entries = new List<JournalEntry>();
        await foreach (var entry in store.ReadAsync(from, cancellation))
            entries.Add(entry);
        return entries;
    }

    public static async Task AppendAsync(IFleetStore store, long term, long from, int count, CancellationToken cancellation)
    {
        for (var revision = from; revision < from + count; revision++)
            await store.AppendAsync(Samples.Entry(revision, term), cancellation);
    }

    /// <summary>As a leader does it: what is not known to be written is looked for, and written again when it is not there.</summary>
    public static async Task AppendSurelyAsync(IFleetStore store, long term, long from, int count, CancellationToken cancellation)
    {
        var isInDoubt = false;
        for (var revision = from; revision < from + count;)
        {
            try
            {
                if (!isInDoubt || (await ReadAsync(store, revision, cancellation)).Count == 0)
                    await store.AppendAsync(Samples.Entry(revision, term), cancellation);
                (isInDoubt, revision) = (false, revision + 1);
            }
            catch (StoreUnreachableException)
            {
                isInDoubt = true;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        foreach (var wire in Wires)
            wire.Dispose();
        await Cluster.DisposeAsync();
    }
}
