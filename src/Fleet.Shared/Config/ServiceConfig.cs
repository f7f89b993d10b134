using System.Collections.Immutable;
using System.Globalization;
using Fleet.Shared.Gate;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;

namespace Fleet.Shared.Config;

/// <summary>
/// Services from a configuration: the block `services` of a whole fleet's file, or of a file that holds nothing else (`pbm service apply -f
/// web.conf`), where it may stand at the root. Sorted by name.
/// </summary>
public static class ServiceConfig
{
    /// <summary>The services of one file. Other settings of the fleet in it are not looked at.</summary>
    public static ConfigResult<ImmutableArray<Service>> Load(string path, IHoconSources sources, Func<string, string?> environment)
    {
        var errors = new List<ConfigError>();
        var root = ConfigDocument.Load(path, [], sources, environment, errors);
        var fleet = root["fleet"] as HoconValue.Object;
        var reader = ConfigDocument.Root(root, errors);
        var atRoot = reader.IsSet("services");
        reader.Close();
        var services = Read(atRoot ? reader : reader.Section("fleet"), fleet, errors);
        if (errors.Count == 0 && services.IsEmpty)
            errors.Add(new ConfigError(path, 0, "services", "no service", "services { name { ... } }"));
        return ConfigResult<ImmutableArray<Service>>.Create(services, errors);
    }

    /// <summary>The entries of `services` below `holder`, laid over the defaults that `fleet` holds; with the rules between services.</summary>
    internal static ImmutableArray<Service> Read(ConfigReader holder, HoconValue.Object? fleet, IList<ConfigError> errors)
    {
        var before = errors.Count;
        var fleetReader = new ConfigReader(fleet, "fleet", errors);
        var defaults = Defaults(fleetReader, fleetReader.Section("handover"));
        var entries = holder.Entries("services", defaults.Service).ToList();
        var services = entries.Select(e => (e.Reader, Service: ServiceReader.Read(e.Name, e.Reader, defaults))).ToList();
        if (errors.Count == before)
            Between(services);
        return [.. services.Select(s => s.Service).OrderBy(s => s.Name)];
    }

    static ServiceDefaults Defaults(ConfigReader fleet, ConfigReader handover)
    {
        var defaults = fleet.Section("defaults");
        var read = new ServiceDefaults(Object("service"), Object("listener"), Object("backend"), SettingsReader.DrainTimeoutMs(handover));
        defaults.IsSet("publish");
        defaults.Close();
        return read;

        HoconValue.Object Object(string key) => defaults.Raw(key) as HoconValue.Object ?? new HoconValue.Object([], default);
    }

    static void Between(IReadOnlyList<(ConfigReader Reader, Service Service)> services)
    {
        var owners = new Dictionary<VipAddress, ServiceName>();
        var labels = new Dictionary<string, ServiceName>(StringComparer.OrdinalIgnoreCase);
        foreach (var (reader, service) in services)
        {
            foreach (var vip in service.Vips)
                if (!owners.TryAdd(vip, service.Name))
                {
                    reader.Report("vips", $"{vip}, a VIP of service {owners[vip]}", "addresses that no other service has");
                    break;
                }
            var label = service.Gslb.Name ?? service.Name.Value;
            if (service.Gslb.Zone is { } zone)
                label = $"{label}.{zone}";
            if (!labels.TryAdd(label, service.Name))
                reader.Report("gslb", $"the DNS name {label} of service {labels[label]}", "a name that no other service has");
            foreach (var mistake in ServiceRules.OwnVips(service))
                reader.Report("backends", mistake.Found, mistake.Allowed);
        }
    }

    /// <summary>Zones that nobody answers for.</summary>
    internal static void AgainstZones(ImmutableArray<Service> services, GslbZone policy, ConfigReader fleet)
    {
        foreach (var service in services.Where(s => s.Gslb.Zone is { } zone && !policy.AllNames().Contains(zone, StringComparer.OrdinalIgnoreCase)))
            fleet.Report("services", $"{service.Name} in zone {service.Gslb.Zone}", $"a zone of {string.Join(" or ", policy.AllNames())}");
    }

    /// <summary>Counts that the pool cannot give.</summary>
    internal static void AgainstPool(ImmutableArray<Service> services, ImmutableArray<AddressRange> pool, ConfigReader fleet)
    {
        var wanted = services.Sum(s => (long)s.VipCount);
        var there = pool.Aggregate(UInt128.Zero, (sum, range) => sum + UInt128.Min(range.Count, long.MaxValue));
        if ((UInt128)wanted > there)
            fleet.Report(
                "vip-pool", string.Create(CultureInfo.InvariantCulture, $"{there} addresses"), $"at least the {wanted} that services ask for");
    }
}
