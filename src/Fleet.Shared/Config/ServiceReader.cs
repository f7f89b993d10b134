using System.Collections.Immutable;
using System.Globalization;
using Fleet.Shared.Gate;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;
using static Fleet.Shared.Config.Readings;

namespace Fleet.Shared.Config;

/// <summary>What applies to a service, a listener or a backend where its own text sets nothing: `fleet.defaults`.</summary>
internal sealed record ServiceDefaults(HoconValue.Object Service, HoconValue.Object Listener, HoconValue.Object Backend, int DrainTimeoutMs);

/// <summary>One entry of `services` as a <see cref="Service"/>.</summary>
internal static class ServiceReader
{
    static readonly uint VipsMax = (uint)Limits.Vips.Max;

    public static Service Read(string name, ConfigReader reader, ServiceDefaults defaults)
    {
        if (!Label.Try(new HoconValue.String(name, default), out _))
            reader.Report("", $"the service name {HoconJson.Quote(name)}", Label.Allowed);
        var vips = Vips(reader);
        var service = new Service
        {
            Name = new ServiceName(name),
            Listeners = Listeners(reader, defaults),
            Vips = vips.Addresses,
            VipCount = vips.Count,
            SiteVips = vips.BySite,
            Site = reader.Optional("site", Name) is { } site ? new SiteName(site) : null,
            Segment = reader.Optional("segment", Name),
            DemandCps = reader.Value("connections", Whole(Limits.Connections)),
            DemandBps = reader.Value("demand", Rate(Limits.Demand)),
            Pool = ReadPool(reader, defaults),
            Gslb = GslbReader.Spec(reader.Section("gslb")),
            DrainTimeoutMs = reader.IsSet("drain-timeout") ? SettingsReader.DrainTimeoutMs(reader) : defaults.DrainTimeoutMs,
        };
        if (service.Site is { } only && service.SiteVips.Keys.Any(other => other != only))
            reader.Report(
                "site", $"{only}, and VIPs of {service.SiteVips.Keys.First(other => other != only)}", "the only site that is given VIPs, or none");
        reader.Close();
        return service;
    }

    static ImmutableArray<Listener> Listeners(ConfigReader reader, ServiceDefaults defaults)
    {
        var errors = reader.ErrorCount;
        var listeners = reader.Items("listeners", defaults.Listener).Select(item =>
        {
            var listener = new Listener(
                item.Value("port", Whole(Limits.Port)),
                item.Value("protocol", Choice(("tcp", ListenerProtocol.Tcp), ("http", ListenerProtocol.Http))));
            item.Close();
            return listener;
        }).ToImmutableArray();
        if (reader.IsSoundSince(errors) && listeners.IsEmpty)
            reader.Report("listeners", "no listener", ServiceRules.SomeListener);
        if (reader.IsSoundSince(errors) && Twice(listeners.Select(l => l.Port)) is [var port, ..])
            reader.Report("listeners", string.Create(CultureInfo.InvariantCulture, $"port {port} twice"), "each port once");
        return listeners;
    }

    /// <summary>A number, to be taken from the pool; a list of addresses, ranges and networks; or such a list for each site.</summary>
    static WantedVips Vips(ConfigReader reader)
    {
        const string Allowed = "how many to take from fleet.vip-pool (1 to 10000), a list of addresses and ranges, or such a list for each site";
        var errors = reader.ErrorCount;
        switch (reader.Raw("vips"))
        {
            case null:
                reader.Report("vips", "nothing", Allowed);
                return WantedVips.None;
            case HoconValue.Object map when HoconPieces.IndexKeys(map.Fields.Select(field => field.Key)) is null:
                var sites = reader
                    .Lists("vips", Name, Readings.Addresses)
                    .ToImmutableSortedDictionary(site => new SiteName(site.Name), site => site.Items);
                if (!reader.IsSoundSince(errors))
                    return WantedVips.None;
                var all = Addresses(reader, [.. sites.Values.SelectMany(ranges => ranges)]);
                return new WantedVips(
                    all, 0, all.IsEmpty ? NoSites : sites.ToImmutableSortedDictionary(site => site.Key, site => Expand(site.Value)));
            case HoconValue.Array or HoconValue.Object:
                var ranges = reader.List("vips", Readings.Addresses);
                return reader.IsSoundSince(errors) ? new WantedVips(Addresses(reader, ranges), 0, NoSites) : WantedVips.None;
            default:
                return new WantedVips([], reader.Value("vips", Whole(Limits.Vips) with { Allowed = Allowed }), NoSites);
        }
    }

    static ImmutableArray<VipAddress> Expand(ImmutableArray<AddressRange> ranges) => [.. ranges.SelectMany(range => range.Addresses)];

    static ImmutableArray<VipAddress> Addresses(ConfigReader reader, ImmutableArray<AddressRange> ranges)
    {
        var count = ranges.Aggregate(UInt128.Zero, (sum, range) => UInt128.Min(sum + UInt128.Min(range.Count, VipsMax + 1), VipsMax + 1));
        if (count > VipsMax || count == 0)
        {
            reader.Report("vips", count == 0 ? "no address" : "very many addresses", $"1 to {VipsMax} addresses");
            return [];
        }
        if (!AreHosts(reader, "vips", ranges))
            return [];
        var addresses = Expand(ranges);
        if (Twice(addresses) is [var address, ..])
            reader.Report("vips", $"{address} twice", "each address once");
        return addresses;
    }

    static readonly ImmutableSortedDictionary<SiteName, ImmutableArray<VipAddress>> NoSites =
        ImmutableSortedDictionary<SiteName, ImmutableArray<VipAddress>>.Empty;

    sealed record WantedVips(ImmutableArray<VipAddress> Addresses, int Count, ImmutableSortedDictionary<SiteName, ImmutableArray<VipAddress>> BySite)
    {
        public static readonly WantedVips None = new([], 0, NoSites);
    }

    static Pool ReadPool(ConfigReader reader, ServiceDefaults defaults)
    {
        var errors = reader.ErrorCount;
        var backends = reader.Items("backends", defaults.Backend).Select(item =>
        {
            var backend = new Backend(
                item.Value("name", Name),
                item.Value("address", HostAndPort),
                item.Value("weight", Whole(Limits.Weight)),
                item.Optional("site", Name) is { } site ? new SiteName(site) : null);
            item.Close();
            return backend;
        }).ToImmutableArray();
        if (reader.IsSoundSince(errors) && backends.IsEmpty)
            reader.Report("backends", "no backend", ServiceRules.SomeBackend);
        if (reader.IsSoundSince(errors) && Twice(backends.Select(b => b.Name)) is [var name, ..])
            reader.Report("backends", $"the name {name} twice", "each name once");
        if (reader.IsSoundSince(errors) && Twice(backends.Select(b => b.Address)) is [var address, ..])
            reader.Report("backends", $"the address {address} twice", "each address once");
        return new Pool(
            backends,
            Check(reader.Section("check")),
            reader.Value(
                "balance",
                Choice(
                    ("round-robin", BalancePolicy.RoundRobin),
                    ("least-connections", BalancePolicy.LeastConnections),
                    ("source", BalancePolicy.Source))),
            reader.Value("all-down", Choice(("fail-closed", AllDown.FailClosed), ("serve-all", AllDown.ServeAll))),
            reader.Value("proxy-protocol", Choice(("off", false), ("v2", true))))
        {
            Feedback = Feedback(reader.Section("feedback")),
        };
    }

    static FeedbackSpec? Feedback(ConfigReader feedback)
    {
        var errors = feedback.ErrorCount;
        var port = feedback.OptionalValue("port", Whole(Limits.Port));
        var interval = feedback.Value("interval", Milliseconds(Limits.FeedbackInterval));
        var timeout = feedback.Value("timeout", Milliseconds(Limits.FeedbackTimeout));
        if (feedback.IsSoundSince(errors) && timeout > interval)
            Report(feedback, ServiceRules.TooLong("timeout", timeout, interval));
        feedback.Close();
        return port is { } asked ? new FeedbackSpec(asked, interval, timeout) : null;
    }

    static CheckSpec Check(ConfigReader check)
    {
        var errors = check.ErrorCount;
        var spec = new CheckSpec(
            check.Value("kind", Choice(("tcp", CheckKind.Tcp), ("http", CheckKind.Http))),
            check.Value("path", UrlPath),
            check.Value("expect", Whole(Limits.CheckExpect)),
            check.Value("interval", Milliseconds(Limits.CheckInterval)),
            check.Value("timeout", Milliseconds(Limits.CheckTimeout)),
            check.Value("rise", Whole(Limits.CheckCount)),
            check.Value("fall", Whole(Limits.CheckCount)));
        if (check.IsSoundSince(errors) && spec.TimeoutMs > spec.IntervalMs)
            Report(check, ServiceRules.TooLong("timeout", spec.TimeoutMs, spec.IntervalMs));
        check.Close();
        return spec;
    }

    static void Report(ConfigReader reader, Mistake mistake) => reader.Report(mistake.Path, mistake.Found, mistake.Allowed);

    static List<T> Twice<T>(IEnumerable<T> items) => [.. items.GroupBy(i => i).Where(g => g.Count() > 1).Select(g => g.Key)];
}
