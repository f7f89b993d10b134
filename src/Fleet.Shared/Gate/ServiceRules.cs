using System.Collections.Immutable;
using Fleet.Shared.Model;
using static Fleet.Shared.Gate.Places;

namespace Fleet.Shared.Gate;

/// <summary>What a service may be. Paths are those of its JSON.</summary>
public static class ServiceRules
{
    public const string SomeListener = "at least one, such as { port = 80, protocol = http }";
    public const string SomeBackend = "at least one, such as { name = b1, address = \"10.0.0.1:80\" }";
    public const string RealServers = "addresses of real servers";

    /// <summary>Each value by itself.</summary>
    public static readonly RuleTable<Service> Table = new(
        [
            Numbers<Service, Listener>("listeners[].port", Limits.Port, s => s.Listeners, l => l.Port),
            Number<Service>("vip-count", Limits.VipCount, s => s.VipCount),
            Number<Service>("demand-bps", Limits.Demand, s => s.DemandBps),
            Number<Service>("demand-cps", Limits.Connections, s => s.DemandCps),
            Number<Service>("drain-timeout-ms", Limits.DrainTimeout, s => s.DrainTimeoutMs),
            Numbers<Service, Backend>("pool.backends[].weight", Limits.Weight, s => s.Pool.Backends, b => b.Weight),
            Number<Service>("pool.check.expect", Limits.CheckExpect, s => s.Pool.Check.Expect),
            Number<Service>("pool.check.interval-ms", Limits.CheckInterval, s => s.Pool.Check.IntervalMs),
            Number<Service>("pool.check.timeout-ms", Limits.CheckTimeout, s => s.Pool.Check.TimeoutMs),
            Number<Service>("pool.check.rise", Limits.CheckCount, s => s.Pool.Check.Rise),
            Number<Service>("pool.check.fall", Limits.CheckCount, s => s.Pool.Check.Fall),
            Number<Service>("pool.feedback.port", Limits.Port, s => s.Pool.Feedback?.Port),
            Number<Service>("pool.feedback.interval-ms", Limits.FeedbackInterval, s => s.Pool.Feedback?.IntervalMs),
            Number<Service>("pool.feedback.timeout-ms", Limits.FeedbackTimeout, s => s.Pool.Feedback?.TimeoutMs),
            Number<Service>("gslb.ttl-seconds", Limits.Ttl, s => s.Gslb.TtlSeconds),
            Number<Service>("gslb.answers-max", Limits.AnswersMax, s => s.Gslb.AnswersMax),
        ],
        [
            Word<Service>("name", Texts.Label, s => s.Name.Value ?? ""),
            Word<Service>("site", Texts.Name, s => s.Site?.Value),
            Word<Service>("segment", Texts.Name, s => s.Segment),
            Words<Service, Backend>("pool.backends[].name", Texts.Name, s => s.Pool.Backends, b => b.Name),
            Words<Service, Backend>("pool.backends[].site", Texts.Name, s => s.Pool.Backends, b => b.Site?.Value),
            Word<Service>("pool.check.path", Texts.UrlPath, s => s.Pool.Check.Path),
            Word<Service>("gslb.name", Texts.Label, s => s.Gslb.Name),
            Word<Service>("gslb.zone", Texts.Zone, s => s.Gslb.Zone),
            Words<Service, SiteName>("gslb.sites[]", Texts.Name, s => s.Gslb.Sites, site => site.Value ?? ""),
            Word<Service>("gslb.fallback", Texts.Zone, s => s.Gslb.Fallback),
        ],
        new Dictionary<string, string>
        {
            ["vips[]"] = Texts.Host,
            ["pool.backends[].address"] = Texts.HostAndPort,
            ["listeners[]"] = "an object with port and protocol",
            ["pool.backends[]"] = "an object with name and address",
        });

    /// <summary>Everything that is wrong with the service in itself. Only the fleet can tell what is wrong with it beside other services.</summary>
    public static ImmutableArray<Mistake> Mistakes(Service service) =>
        Holes(service).ToImmutableArray() is { IsEmpty: false } holes
            ? holes
            :
            [
                .. Table.Mistakes(service),
                .. Listeners(service),
                .. Vips(service),
                .. SiteVips(service),
                .. Backends(service.Pool),
                .. Times(service.Pool),
                .. Sites(service),
            ];

    /// <summary>The missing parts without which nothing else could be checked: JSON can hold nulls where the model knows none.</summary>
    public static IEnumerable<Mistake> Holes(Service service)
    {
        if (service.Pool is null)
            return [new Mistake("pool", "nothing", "an object with backends")];
        return Missing(service.Listeners, "listeners").Concat(Missing(service.Pool.Backends, "pool.backends"))
            .Concat(service.Vips.IsDefault ? [new Mistake("vips", "nothing", "a list")] : [])
            .Concat(service.Pool.Check is null ? [new Mistake("pool.check", "nothing", "an object")] : [])
            .Concat(service.Pool.Backends is { IsDefault: false } backends
                ? backends
                    .Select((b, i) => (Backend: b, Index: i))
                    .Where(at => at.Backend is { Address: null })
                    .Select(at => new Mistake(At("pool.backends[].address", at.Index), "nothing", Texts.HostAndPort))
                : []);
    }

    private static IEnumerable<Mistake> Missing<T>(ImmutableArray<T> items, string path)
        where T : class =>
        items.IsDefault
            ? [new Mistake(path, "nothing", "a list")]
            : items
                .Select((item, i) => (item, i))
                .Where(at => at.item is null)
                .Select(at => new Mistake($"{path}[{at.i}]", "nothing", Table.AllowedAt($"{path}[]")!));

    private static IEnumerable<Mistake> Listeners(Service service) => service.Listeners.IsEmpty
        ? [new Mistake("listeners", "no listener", SomeListener)]
        : Twice(service.Listeners.Select(l => l.Port)).Select(port => new Mistake("listeners", $"port {port} twice", "each port once"));

    private static IEnumerable<Mistake> Vips(Service service)
    {
        if (service.Vips.IsEmpty && service.VipCount == 0)
            yield return new Mistake(
                "vips", "no address", $"a list of {Limits.Vips.Min} to {Limits.Vips.Max} addresses, or how many to take from the pool in vip-count");
        if (!service.Vips.IsEmpty && service.VipCount != 0)
            yield return new Mistake("vip-count", $"{service.VipCount} beside a list of addresses", "0 where vips are listed");
        if (service.Vips.Length > Limits.Vips.Max)
        {
            yield return new Mistake("vips", $"{service.Vips.Length} addresses", $"{Limits.Vips.Min} to {Limits.Vips.Max} addresses");
            yield break;
        }

        foreach (var (vip, i) in service.Vips.Select((vip, i) => (vip, i)).Where(at => at.vip.Value is null || !Texts.IsHost(at.vip)))
            yield return new Mistake($"vips[{i}]", $"{vip}", Texts.Host);
        foreach (var vip in Twice(service.Vips))
            yield return new Mistake("vips", $"{vip} twice", "each address once");
    }

    private static IEnumerable<Mistake> SiteVips(Service service)
    {
        var all = service.Vips.ToHashSet();
        foreach (var (site, vips) in service.SiteVips)
        {
            var path = $"site-vips.{site}";
            if (!Texts.Name.Has(site.Value))
                yield return new Mistake(path, $"the name {Mistake.Quote(site.Value)}", Texts.Name.Allowed);
            if (vips.IsDefaultOrEmpty)
                yield return new Mistake(path, "no address", "some of its vips");
            else if (vips.FirstOrDefault(vip => !all.Contains(vip)) is { Value: not null } stranger)
                yield return new Mistake(path, $"{stranger}, which is none of vips", "some of its vips");
            if (service.Site is { } only && site != only)
                yield return new Mistake("site", $"{only}, and VIPs of {site}", "the only site that is given VIPs, or none");
        }

        foreach (var vip in Twice(service.SiteVips.Values.Where(vips => !vips.IsDefault).SelectMany(vips => vips)))
            yield return new Mistake("site-vips", $"{vip} twice", "each address once");
    }

    private static IEnumerable<Mistake> Backends(Pool pool)
    {
        if (pool.Backends.IsEmpty)
            yield return new Mistake("pool.backends", "no backend", SomeBackend);
        foreach (var (backend, i) in pool.Backends.Select((backend, i) => (backend, i)).Where(at => !Texts.IsHostAndPort(at.backend.Address)))
            yield return new Mistake(At("pool.backends[].address", i), $"{backend.Address}", Texts.HostAndPort);
        foreach (var name in Twice(pool.Backends.Select(b => b.Name)))
            yield return new Mistake("pool.backends", $"the name {Mistake.Quote(name)} twice", "each name once");
        foreach (var address in Twice(pool.Backends.Select(b => b.Address)))
            yield return new Mistake("pool.backends", $"the address {address} twice", "each address once");
    }

    private static IEnumerable<Mistake> Times(Pool pool)
    {
        if (pool.Check.TimeoutMs > pool.Check.IntervalMs)
            yield return TooLong("pool.check.timeout-ms", pool.Check.TimeoutMs, pool.Check.IntervalMs);
        if (pool.Feedback is { } feedback && feedback.TimeoutMs > feedback.IntervalMs)
            yield return TooLong("pool.feedback.timeout-ms", feedback.TimeoutMs, feedback.IntervalMs);
    }

    public static Mistake TooLong(string path, int timeoutMs, int intervalMs) =>
        new(path, $"{timeoutMs}ms with an interval of {intervalMs}ms", "at most the interval");

    private static IEnumerable<Mistake> Sites(Service service) =>
        Twice(service.Gslb.Sites).Select(site => new Mistake("gslb.sites", $"{site} twice", "each site once")).Concat(OwnVips(service));

    /// <summary>A service that sends its connections to itself would do nothing else any more.</summary>
    public static IEnumerable<Mistake> OwnVips(Service service)
    {
        var vips = service.Vips.ToHashSet();
        return service.Pool.Backends
            .Where(b => vips.Contains(new VipAddress(b.Address.Address)) && service.Listeners.Any(l => l.Port == b.Address.Port))
            .Select(b => new Mistake("pool.backends", $"{b.Address}, a VIP of the service itself", RealServers));
    }
}
