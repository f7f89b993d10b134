using System.Collections.Immutable;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Shared.Json;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm service</c> prints.</summary>
internal static class ServiceRenderer
{
    public static IRenderable List(ImmutableArray<ServiceView> services)
    {
        var table = Tables.WithColumns("SERVICE", "LISTENERS", ">VIPS SERVING", ">BACKENDS UP", "CHECK", "BALANCE", ">DEMAND", "SITE");
        foreach (var view in services)
        {
            var service = view.Service;
            table.Row(
                service.Name,
                Listeners(service),
                $"{view.VipsServing} of {service.Vips.Length}",
                $"{view.Backends.Values.Count(verdict => verdict == Verdict.Up)} of {service.Pool.Backends.Length}",
                Kebab.Word(service.Pool.Check.Kind),
                Kebab.Word(service.Pool.Balance),
                Demand(service),
                service.SiteVips.IsEmpty ? service.Site?.Value ?? "any" : Words.List(service.SiteVips.Keys));
        }

        return table;
    }

    public static IRenderable Show(ServiceView view)
    {
        var service = view.Service;
        var pool = service.Pool;
        var check = pool.Check;
        var facts = Tables.Facts(
            ("service", service.Name),
            ("listeners", Listeners(service)),
            ("VIPs", $"{view.VipsServing} of {service.Vips.Length} serving: {Words.List(service.Vips)}"),
            ("site", Sites(service)),
            ("demand", Demand(service)),
            ("DNS label", service.Gslb.Name ?? service.Name.Value),
            ("balance", Kebab.Word(pool.Balance)),
            ("all down", Kebab.Word(pool.AllDown)),
            ("PROXY protocol", pool.ProxyProtocol ? "v2" : "no"),
            ("check", check.Kind == CheckKind.Http ? $"http {check.Path}, expects {check.Expect}" : Kebab.Word(check.Kind)),
            ("check timing", $"every {Words.Age(check.IntervalMs)}, waits {Words.Age(check.TimeoutMs)}, rise {check.Rise}, fall {check.Fall}"),
            ("drain timeout", Words.Age(service.DrainTimeoutMs)));
        return Tables.Stack(facts, Text.Empty, Backends(view));
    }

    /// <summary>One line per service of a file, as it is done.</summary>
    public static IRenderable Applied(ServiceName service, string outcome, string text) =>
        new Columns(new Text(service.Value), Tables.State(outcome), new Text($"({text})")) { Expand = false, Padding = new Padding(0, 0, 1, 0) };

    private static Table Backends(ServiceView view)
    {
        var table = Tables.WithColumns("BACKEND", "ADDRESS", ">WEIGHT", "STATE");
        foreach (var backend in view.Service.Pool.Backends)
            table.Row(backend.Name, backend.Address, backend.Weight, Tables.State(Kebab.Word(view.Backends.GetValueOrDefault(backend.Name))));
        return table;
    }

    private static string Listeners(Service service) =>
        Words.List(service.Listeners.Select(listener => $"{listener.Port}/{Kebab.Word(listener.Protocol)}"));

    /// <summary>Where its VIPs may lie, and which are bound to one site.</summary>
    private static string Sites(Service service) => service.SiteVips.IsEmpty
        ? service.Site?.Value ?? "any"
        : string.Join("; ", service.SiteVips.Select(site => $"{site.Key} has {Words.List(site.Value)}"));

    private static string Demand(Service service) => service.DemandBps > 0 ? Words.Rate(service.DemandBps) : "unknown";
}
