using System.Net;
using Fleet.Benchmarks.Faults.Faults;
using Fleet.Demo.Processes;
using Fleet.Demo.Servers;

namespace Fleet.Benchmarks.Faults.World;

/// <summary>All processes of a run: a store of three members, a database where it is installed, and the coordinators.</summary>
internal sealed class Plant : IAsyncDisposable
{
    private readonly EtcdCluster _store;
    private readonly Dictionary<object, Victim> _victims = [];

    private Plant(EtcdCluster store, Projection? projection, IReadOnlyList<Coordinator> coordinators)
    {
        (_store, Projection, Coordinators) = (store, projection, coordinators);
        foreach (var coordinator in coordinators)
            _victims[coordinator] = Victim.Of(coordinator);
        foreach (var member in store.Members)
            _victims[member] = Victim.Of(member);
        if (projection is not null)
            _victims[projection] = Victim.Of(projection.Server);
    }

    public IReadOnlyList<Coordinator> Coordinators { get; }

    /// <summary>Null where PostgreSQL is not installed.</summary>
    public Projection? Projection { get; }

    /// <summary>Nobody leads yet when it returns.</summary>
    public static async Task<Plant> StartAsync(FaultsOptions options, FaultLog log, CancellationToken cancellation)
    {
        var store = await EtcdCluster.StartAsync(new EtcdOptions(), cancellation);
        Projection? projection = null;
        try
        {
            projection = options.WithPostgres ? await Projection.StartAsync(options.Folder, cancellation) : null;
            string[] shared =
            [
                "fleet.coordinator.store=etcd",
                $"fleet.coordinator.etcd.endpoints=[{string.Join(',', store.Endpoints.Select(endpoint => $"\"{endpoint}\""))}]",
                "fleet.coordinator.snapshot-every=200",
                "fleet.protection.nodes=0",
                .. projection?.Settings ?? [],
            ];
            var coordinators = Enumerable.Range(1, options.Coordinators).Select(number => Make(number, options.Folder, shared, log)).ToArray();
            foreach (var coordinator in coordinators)
                coordinator.Start();
            return new Plant(store, projection, coordinators);
        }
        catch
        {
            await store.DisposeAsync();
            if (projection is not null)
                await projection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whom a fault meets now; null when there is nobody of that kind.</summary>
    /// <param name="leader">The number of the coordinator that leads.</param>
    public async Task<Victim?> FindAsync(Fault fault, int leader) => fault.Victim switch
    {
        VictimKind.Coordinator => _victims[Coordinators[fault.Which % Coordinators.Count]],
        VictimKind.Leader => _victims[Coordinators.FirstOrDefault(each => each.Number == leader) ?? Coordinators[0]],
        VictimKind.Member => _victims[_store.Members[fault.Which % _store.Members.Count]],
        VictimKind.RaftLeader => _victims[await RaftLeaderAsync() ?? _store.Members[fault.Which % _store.Members.Count]],
        _ => Projection is null ? null : _victims[Projection],
    };

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Coordinators.Select(coordinator => coordinator.DisposeAsync().AsTask()));
        await _store.DisposeAsync();
        if (Projection is not null)
            await Projection.DisposeAsync();
    }

    private static Coordinator Make(int number, string folder, string[] shared, FaultLog log)
    {
        var listen = new IPEndPoint(IPAddress.Loopback, LoopbackPort.Next());
        return new Coordinator(
            number, listen, folder, [$"fleet.coordinator.name=\"c{number}\"", $"fleet.coordinator.listen=\"{listen}\"", .. shared], log);
    }

    /// <summary>Null when there is none, or it cannot be found out.</summary>
    private async Task<EtcdMember?> RaftLeaderAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        try
        {
            return await _store.RaftLeaderAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or InvalidOperationException)
        {
            return null;
        }
    }
}
