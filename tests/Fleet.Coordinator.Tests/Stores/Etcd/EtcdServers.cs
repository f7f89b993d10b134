using System.Collections.Immutable;
using System.Net;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Demo.Servers;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>
/// One etcd of three members for all tests that do not hurt it; each test has a prefix of its own. <c>FLEET_TEST_ETCD=host:port,...</c> names
/// another.
/// </summary>
public sealed class EtcdServers : IAsyncLifetime
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("FLEET_TEST_ETCD");

    private EtcdCluster? _cluster;

    /// <summary>Null where there is an etcd.</summary>
    public static string? Missing => Given is null && EtcdCluster.Program is null ? "etcd not found; './fleet setup' installs it." : null;

    internal EtcdSettings Settings { get; private set; } = For([]);

    public async Task InitializeAsync()
    {
        if (Missing is not null)
            return;
        if (Given is null)
            _cluster = await EtcdCluster.StartAsync(new EtcdOptions(), CancellationToken.None);
        Settings = For(_cluster?.Endpoints ?? [.. Given!.Split(',').Select(IPEndPoint.Parse)]);
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    /// <summary>With a prefix that nobody else has.</summary>
    internal static EtcdSettings For(IReadOnlyList<IPEndPoint> endpoints) => new()
    {
        Endpoints = [.. endpoints],
        Prefix = $"/fleet-test/{Guid.NewGuid():n}",
        Lease = TimeSpan.FromSeconds(10),
        AttemptTimeout = TimeSpan.FromMilliseconds(250),
    };

    /// <summary>For tests that are not about time: on a loaded machine a member may take longer than the default waits for it.</summary>
    internal static EtcdSettings Patient(EtcdSettings settings) =>
        settings with { Prefix = $"/fleet-test/{Guid.NewGuid():n}", AttemptTimeout = TimeSpan.FromSeconds(5) };

    internal static EtcdFleetStore Open(EtcdSettings settings, LeadershipTiming? timing = null) => new(
        settings,
        timing ?? LeadershipTiming.Default,
        new LocalDisk(),
        new AsideThread(),
        TimeProvider.System,
        NullLogger<EtcdFleetStore>.Instance);
}

[CollectionDefinition(Name)]
public sealed class EtcdCollection : ICollectionFixture<EtcdServers>
{
    public const string Name = "etcd";
}
