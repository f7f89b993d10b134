using System.Net;
using Fleet.Benchmarks.Faults.Faults;
using Fleet.Demo.Fleets;
using Fleet.Demo.Servers;

namespace Fleet.Benchmarks.Faults.World;

/// <summary>All processes of a run: a store of three members, a database where it is installed, and the coordinators.</summary>
internal sealed class Plant : IAsyncDisposable
{
    private readonly FleetServers _servers;
    private readonly Dictionary<object, Victim> _victims = [];

    private Plant(FleetServers servers, IReadOnlyList<Coordinator> coordinators)
    {
        (_servers, Coordinators) = (servers, coordinators);
        foreach (var coordinator in coordinators)
            _victims[coordinator] = Victim.Of(coordinator);
        foreach (var member in Members)
            _victims[member] = Victim.Of(member);
        if (servers.Postgres is { } postgres)
            (_victims[postgres], ReadModel) = (Victim.Of(postgres), new ReadModel(postgres));
    }

    public IReadOnlyList<Coordinator> Coordinators { get; }

    /// <summary>Null without PostgreSQL.</summary>
    public ReadModel? ReadModel { get; }

    private IReadOnlyList<EtcdMember> Members => _servers.Etcd!.Members;

    /// <summary>Nobody leads yet when it returns.</summary>
    public static async Task<Plant> StartAsync(FaultsOptions options, FaultLog log, CancellationToken cancellation)
    {
        var withProjection = options.WithPostgres && PostgresServer.IsInstalled;
        var servers = await FleetServers.StartAsync(options.Folder, DemoStore.Etcd, withProjection, cancellation);
        string[] shared =
        [
            "fleet.coordinator.snapshot-every=200",
            "fleet.protection.nodes=0",
            .. servers.Settings(DemoStore.Etcd, withProjection),
        ];
        var coordinators = Enumerable.Range(1, options.Coordinators).Select(number => Make(number, options.Folder, shared, log)).ToArray();
        foreach (var coordinator in coordinators)
            coordinator.Start();
        return new Plant(servers, coordinators);
    }

    /// <summary>Whom a fault meets now; null when there is nobody of that kind.</summary>
    /// <param name="leader">The number of the coordinator that leads.</param>
    public async Task<Victim?> FindAsync(Fault fault, int leader) => fault.Victim switch
    {
        VictimKind.Coordinator => _victims[Coordinators[fault.Which % Coordinators.Count]],
        VictimKind.Leader => _victims[Coordinators.FirstOrDefault(each => each.Number == leader) ?? Coordinators[0]],
        VictimKind.Member => _victims[Members[fault.Which % Members.Count]],
        VictimKind.RaftLeader => _victims[await RaftLeaderAsync() ?? Members[fault.Which % Members.Count]],
        _ => _servers.Postgres is { } postgres ? _victims[postgres] : null,
    };

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Coordinators.Select(coordinator => coordinator.DisposeAsync().AsTask()));
        await _servers.DisposeAsync();
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
            return await _servers.Etcd!.RaftLeaderAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or InvalidOperationException)
        {
            return null;
        }
    }
}
