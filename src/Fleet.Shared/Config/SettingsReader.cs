using Fleet.Shared.Gate;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;
using static Fleet.Shared.Config.Readings;

namespace Fleet.Shared.Config;

/// <summary>Each section of `fleet` as its settings, with the rules that hold inside the section.</summary>
internal static class SettingsReader
{
    static readonly Reading<string> Connection = Text(
        "a database, such as \"Host=db.example;Database=fleet;Username=fleet\" or \"postgresql://fleet@db.example/fleet\"", t => t.Trim().Length > 0);

    static readonly Reading<string> PasswordFile = Text("the name of a file that holds a password", t => t.Trim().Length > 0);

    public static ClusterSettings Cluster(ConfigReader fleet)
    {
        var cluster = fleet.Section("cluster");
        var name = cluster.Value("name", Name);
        cluster.Close();
        var lease = Lease(fleet.Section("lease"));
        var protection = Protect(fleet.Section("protection"));
        var drainMinMs = DrainMinMs(fleet.Section("handover"));
        var placement = fleet.Section("placement");
        var settings = new ClusterSettings
        {
            Name = name,
            Lease = lease,
            Protection = protection,
            Placement = new PlacementPolicy(
                placement.Value("share-max", Fraction(Limits.ShareMax)),
                placement.Value("moves-in-flight-max", Fraction(Limits.ShareMax)),
                placement.Value("balance-band", Fraction(Limits.BalanceBand)),
                drainMinMs,
                placement.Value("demand-window", Milliseconds(Limits.DemandWindow)),
                placement.Value("demand-percentile", Fraction(Limits.DemandPercentile)),
                placement.Value("demand-margin", Fraction(Limits.DemandMargin))),
            VipPool = fleet.List("vip-pool", Addresses),
        };
        placement.Close();
        AreHosts(fleet, "vip-pool", settings.VipPool);
        return settings;
    }

    static LeaseTerms Lease(ConfigReader lease)
    {
        var errors = lease.ErrorCount;
        var terms = new LeaseTerms(
            lease.Value("heartbeat", Milliseconds(Limits.Heartbeat)),
            lease.Value("duration", Milliseconds(Limits.LeaseDuration)),
            lease.Value("margin", Milliseconds(Limits.LeaseMargin)));
        if (lease.IsSoundSince(errors))
        {
            foreach (var mistake in PolicyRules.Lease(terms))
                lease.Report(mistake.Path["lease.".Length..].Replace("-ms", "", StringComparison.Ordinal), mistake.Found, mistake.Allowed);
        }

        lease.Close();
        return terms;
    }

    static Protection Protect(ConfigReader protection)
    {
        var settings = new Protection(
            protection.Value("nodes", Whole(Limits.ProtectedNodes)),
            protection.Value("domains", Whole(Limits.ProtectedDomains)),
            protection.Value("utilisation-max", Fraction(Limits.UtilisationMax)));
        protection.Close();
        return settings;
    }

    static int DrainMinMs(ConfigReader handover)
    {
        var least = handover.Value("drain-min", Milliseconds(Limits.DrainMin));
        DrainTimeoutMs(handover);
        handover.Close();
        return least;
    }

    public static int DrainTimeoutMs(ConfigReader section) => section.Value("drain-timeout", Milliseconds(Limits.DrainTimeout));

    public static CoordinatorSettings Coordinator(ConfigReader coordinator, HoconValue.Object publishDefaults)
    {
        var store = coordinator.Value("store", Choice(("file", StoreKind.File), ("etcd", StoreKind.Etcd), ("postgres", StoreKind.Postgres)));
        var settings = new CoordinatorSettings
        {
            Name = coordinator.Value("name", Name),
            Listen = coordinator.Value("listen", Endpoint),
            Advertise = coordinator.Optional("advertise", Target),
            Data = coordinator.Value("data", Folder),
            Store = store,
            Etcd = EtcdReader.Read(coordinator.Section("etcd")),
            Postgres = PostgresReader.Read(coordinator, store),
            SnapshotEvery = coordinator.Value("snapshot-every", Whole(1, 1_000_000)),
            Limits = LimitReader.Read(coordinator.Section("limits")),
            HighPriority = coordinator.Value("high-priority", Switch),
            Publish = PublishReader.Read(coordinator, publishDefaults),
            Projection = Projection(coordinator.Section("projection")),
        };
        coordinator.Close();
        return settings;
    }

    static ProjectionSettings Projection(ConfigReader projection)
    {
        var settings = new ProjectionSettings
        {
            Connection = projection.Optional("connection", Connection),
            PasswordFile = projection.Optional("password-file", PasswordFile),
            TelemetryKeep = projection.Value("telemetry-keep", Duration(TimeSpan.FromDays(1), TimeSpan.FromDays(3650))),
            EventsKeep = projection.Value("events-keep", Duration(TimeSpan.FromDays(1), TimeSpan.FromDays(36_500))),
        };
        projection.Close();
        return settings;
    }
}
