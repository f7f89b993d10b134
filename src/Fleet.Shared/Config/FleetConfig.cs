using System.Collections.Immutable;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;

namespace Fleet.Shared.Config;

/// <summary>
/// A whole configuration: hocon/reference.conf, a user's file over it, overrides over both. One file may serve every program of a fleet, and each
/// program reads all of it, so that a mistake shows wherever the file is used first.
/// </summary>
public sealed record FleetConfig
{
    public required ClusterSettings Cluster { get; init; }

    public required CoordinatorSettings Coordinator { get; init; }

    public required NodeSettings Node { get; init; }

    public required GslbZone Gslb { get; init; }

    /// <summary>Sorted by name.</summary>
    public required ImmutableArray<Service> Services { get; init; }

    /// <summary>What travels in every map.</summary>
    public FleetPolicy Policy =>
        new(Cluster.Name, Cluster.Lease, Cluster.Protection, Cluster.Placement, Gslb, [.. Cluster.VipPool.Select(r => $"{r.First}-{r.Last}")]);

    public static ConfigResult<FleetConfig> Load(string path, IHoconSources sources, Func<string, string?> environment) =>
        Load(path, [], sources, environment);

    /// <param name="path">Null for the defaults alone.</param>
    /// <param name="overrides">`--set` texts such as `fleet.node.name=adc-1`; later ones win.</param>
    public static ConfigResult<FleetConfig> Load(
        string? path, IEnumerable<string> overrides, IHoconSources sources, Func<string, string?> environment)
    {
        var errors = new List<ConfigError>();
        var root = ConfigDocument.Load(path, overrides, sources, environment, errors);
        var reader = ConfigDocument.Root(root, errors);
        var fleet = reader.Section("fleet");
        var before = errors.Count;
        var config = new FleetConfig
        {
            Cluster = SettingsReader.Cluster(fleet),
            Coordinator = SettingsReader.Coordinator(fleet.Section("coordinator"), PublishReader.Defaults(root["fleet"] as HoconValue.Object)),
            Node = NodeReader.Read(fleet.Section("node")),
            Gslb = GslbReader.Zone(fleet.Section("gslb")),
            Services = ServiceConfig.Read(fleet, root["fleet"] as HoconValue.Object, errors),
        };
        if (errors.Count == before)
        {
            PublishReader.AgainstZones(config.Coordinator.Publish, config.Gslb, fleet);
            ServiceConfig.AgainstPool(config.Services, config.Cluster.VipPool, fleet);
            ServiceConfig.AgainstZones(config.Services, config.Gslb, fleet);
        }

        fleet.IsSet("defaults");
        fleet.Close();
        reader.Close();
        return ConfigResult<FleetConfig>.Create(config, errors);
    }
}
