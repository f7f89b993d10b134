using System.Collections.Immutable;
using Fleet.Shared.Gate;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;
using static Fleet.Shared.Config.Readings;

namespace Fleet.Shared.Config;

/// <summary>`fleet.coordinator.publish`: the DNS servers that the fleet's names are published to, each laid over `fleet.defaults.publish`.</summary>
internal static class PublishReader
{
    static readonly Reading<string> File = Text("the name of a file that holds a key, as tsig-keygen prints it", t => t.Trim().Length > 0);

    public static HoconValue.Object Defaults(HoconValue.Object? fleet) =>
        (fleet?["defaults"] as HoconValue.Object)?["publish"] as HoconValue.Object ?? new HoconValue.Object([], default);

    public static ImmutableArray<PublishSettings> Read(ConfigReader coordinator, HoconValue.Object defaults)
    {
        var targets = coordinator.Items("publish", defaults).Select(item =>
        {
            var target = new PublishSettings
            {
                Server = item.Value("server", Target),
                Zone = item.Optional("zone", Zone),
                FleetZone = item.Optional("fleet-zone", Zone),
                KeyFile = item.Value("key-file", File),
                TtlSeconds = item.Value("ttl", Seconds(Limits.Ttl)),
                TakeOver = item.Value("take-over", Switch),
                Every = item.Value("every", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))),
            };
            item.Close();
            return target;
        }).ToImmutableArray();
        return targets.IsEmpty ? [] : targets;
    }

    /// <summary>The rules between targets and the fleet's zones.</summary>
    public static void AgainstZones(ImmutableArray<PublishSettings> targets, GslbZone gslb, ConfigReader fleet)
    {
        foreach (var target in targets)
        {
            if (target.FleetZone is { } zone && !gslb.AllNames().Contains(zone, StringComparer.OrdinalIgnoreCase))
                fleet.Report(
                    "coordinator.publish", $"fleet-zone {zone}", $"one of the zones that the fleet has: {string.Join(", ", gslb.AllNames())}");
        }

        if (targets.GroupBy(t => (t.Server, Zone: (t.Zone ?? t.FleetZone ?? gslb.Name).ToLowerInvariant()))
            .FirstOrDefault(g => g.Count() > 1) is { Key: var twice })
            fleet.Report("coordinator.publish", $"zone {twice.Zone} of server {twice.Server} twice", "each zone of a server once");
    }
}
