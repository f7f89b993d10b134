using Fleet.Shared.Hocon;
using Fleet.Shared.Model;
using static Fleet.Shared.Config.Readings;

namespace Fleet.Shared.Config;

/// <summary>Each section of `fleet` as its settings, with the rules that hold inside the section.</summary>
internal static class SettingsReader
{
    static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    public static ClusterSettings Cluster(ConfigReader fleet)
    {
        var cluster = fleet.Section("cluster");
        var name = cluster.Value("name", Name);
        cluster.Close();
        var lease = Lease(fleet.Section("lease"));
        var protection = Protect(fleet.Section("protection"));
        var quietMs = QuietMs(fleet.Section("handover"));
        var placement = fleet.Section("placement");
        var settings = new ClusterSettings
        {
            Name = name,
            Lease = lease,
            Protection = protection,
            Placement = new PlacementPolicy(
                placement.Value("share-max", Fraction(0.001, 1)),
                placement.Value("moves-in-flight-max", Fraction(0.001, 1)),
                placement.Value("balance-band", Fraction(0, 1)),
                quietMs,
                placement.Value("demand-window", Milliseconds(TimeSpan.FromSeconds(20), TimeSpan.FromDays(1))),
                placement.Value("demand-percentile", Fraction(0.5, 1)),
                placement.Value("demand-margin", Fraction(1, 10))),
            VipPool = fleet.List("vip-pool", Addresses),
        };
        placement.Close();
        return settings;
    }

    static LeaseTerms Lease(ConfigReader lease)
    {
        var errors = lease.ErrorCount;
        var terms = new LeaseTerms(
            lease.Value("heartbeat", Milliseconds(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10))),
            lease.Value("duration", Milliseconds(TimeSpan.FromMilliseconds(30), _minute)),
            lease.Value("margin", Milliseconds(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10))));
        if (lease.IsSoundSince(errors) && terms.DurationMs < 3 * terms.HeartbeatMs)
            lease.Report("duration", $"{terms.DurationMs}ms with a heartbeat of {terms.HeartbeatMs}ms", $"at least 3 heartbeats, {3 * terms.HeartbeatMs}ms");
        if (lease.IsSoundSince(errors) && terms.MarginMs >= terms.DurationMs)
            lease.Report("margin", $"{terms.MarginMs}ms with a duration of {terms.DurationMs}ms", "less than the duration");
        lease.Close();
        return terms;
    }

    static Protection Protect(ConfigReader protection)
    {
        var settings = new Protection(
            protection.Value("nodes", Whole(0, 4)),
            protection.Value("domains", Whole(0, 1)),
            protection.Value("utilisation-max", Fraction(0.01, 1)));
        protection.Close();
        return settings;
    }

    static int QuietMs(ConfigReader handover)
    {
        var quiet = handover.Value("quiet-min", Milliseconds(TimeSpan.Zero, _minute));
        DrainTimeoutMs(handover);
        handover.Close();
        return quiet;
    }

    public static int DrainTimeoutMs(ConfigReader section) => section.Value("drain-timeout", Milliseconds(TimeSpan.Zero, TimeSpan.FromHours(1)));

    public static CoordinatorSettings Coordinator(ConfigReader coordinator, HoconValue.Object publishDefaults)
    {
        var settings = new CoordinatorSettings
        {
            Name = coordinator.Value("name", Name),
            Listen = coordinator.Value("listen", Endpoint),
            Data = coordinator.Value("data", Folder),
            Store = coordinator.Value("store", Choice(("file", StoreKind.File))),
            SnapshotEvery = coordinator.Value("snapshot-every", Whole(1, 1_000_000)),
            Limits = LimitReader.Read(coordinator.Section("limits")),
            Publish = PublishReader.Read(coordinator, publishDefaults),
        };
        coordinator.Close();
        return settings;
    }

    public static NodeSettings Node(ConfigReader node)
    {
        var settings = new NodeSettings
        {
            Name = node.Value("name", NameOrNothing),
            Site = new SiteName(node.Value("site", Name)),
            Domain = new DomainName(node.Value("domain", Name)),
            Segment = node.Optional("segment", Name),
            CapacityBps = node.Value("capacity", Rate(1_000, 1_000_000_000_000_000)),
            ConnectionsMax = node.Value("connections-max", Whole(0, 1_000_000_000)),
            CapacityShare = node.Value("capacity-share", Fraction(0.01, 1)),
            Coordinators = node.List("coordinators", Target),
            Data = node.Value("data", Folder),
            StartWait = node.Value("start-wait", Duration(TimeSpan.Zero, TimeSpan.FromMinutes(10))),
            DataPlane = node.Value("data-plane", Choice(("relay", DataPlaneKind.Relay))),
            ApiListen = node.Value("api-listen", Endpoint),
            DnsListen = node.Value("dns-listen", Endpoint),
            DnsAdvertise = node.Optional("dns-advertise", Target),
            DnssecKeys = node.Optional("dnssec-keys", Folder),
            WatchListen = node.Value("watch-listen", Endpoint),
            WatchAdvertise = node.Optional("watch-advertise", Target),
            Relay = Relay(node.Section("relay")),
        };
        node.Close();
        return settings;
    }

    static RelaySettings Relay(ConfigReader relay)
    {
        var settings = new RelaySettings
        {
            OrphanMax = relay.Value("orphan-max", Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1))),
            Spare = relay.Value("spare", Switch),
            ConnectTimeout = relay.Value("connect-timeout", Duration(TimeSpan.FromMilliseconds(10), _minute)),
        };
        relay.Close();
        return settings;
    }
}
