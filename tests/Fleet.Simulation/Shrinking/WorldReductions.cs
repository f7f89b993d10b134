using System.Collections.Immutable;
using System.Globalization;
using Fleet.Shared.Model;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Plans;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Shrinking;

/// <summary>Smaller and plainer worlds for the same trouble, the smallest first.</summary>
public static class WorldReductions
{
    private const string Prefix = "adc-";

    private static readonly WorldSettings Usual = new() { Seed = 0, Nodes = 0 };

    private static readonly ImmutableArray<Func<WorldSettings, WorldSettings>> Plainer =
    [
        s => s with { Sites = Usual.Sites },
        s => s with { Domains = 0 },
        s => s with { Operators = 0 },
        s => s with { Coordinators = 1 },
        s => s with { Coordinators = Math.Min(2, s.Coordinators) },
        s => s with { Clients = 0 },
        s => s with { Spares = false },
        s => s with { ClockPpmMax = 0 },
        s => s with { StartApart = Usual.StartApart },
        s => s with { Leadership = Usual.Leadership },
        s => s with { SnapshotEvery = Usual.SnapshotEvery },
        s => s with { OrphanMax = Usual.OrphanMax },
        s => s with { Policy = s.Policy with { Protection = Usual.Policy.Protection } },
        s => s with { Policy = s.Policy with { Zone = Usual.Policy.Zone } },
        s => s with { Policy = s.Policy with { Lease = Usual.Policy.Lease, Placement = Usual.Policy.Placement } },
    ];

    /// <summary>The last ones go, and what befalls them befalls nobody.</summary>
    public static IEnumerable<FaultPlan> HalfTheNodes(Found found)
    {
        var settings = found.Plan.Settings;
        return settings.Nodes > 3 ? [found.Plan with { Settings = settings with { Nodes = (settings.Nodes + 1) / 2 } }] : [];
    }

    /// <summary>Each of them is left out with what befalls it, and those behind it move up.</summary>
    public static IEnumerable<FaultPlan> FewerNodes(Found found)
    {
        var nodes = found.Plan.Settings.Nodes;
        return nodes == 1 ? [] : Enumerable.Range(0, nodes).Select(i => WithoutNode(found.Plan, nodes - i));
    }

    public static IEnumerable<FaultPlan> FewerServices(Found found) => found.Plan.Settings.Services.Select(gone => found.Plan with
    {
        Settings = found.Plan.Settings with { Services = [.. found.Plan.Settings.Services.Where(s => s != gone)] },
        Faults = [.. found.Plan.Faults.Where(f => f is not Apply apply || apply.Service.Name != gone.Name)],
    });

    public static IEnumerable<FaultPlan> FewerVips(Found found) =>
        from service in found.Plan.Settings.Services
        let vips = service.Vips.Length
        from count in ((IEnumerable<int>)[1, vips / 4, vips / 2, vips * 3 / 4, vips - 1]).Where(c => c > 0 && c < vips).Distinct()
        select WithVips(found.Plan, service, count);

    /// <summary>Everything plain at once, then one after the other.</summary>
    public static IEnumerable<FaultPlan> PlainerSettings(Found found)
    {
        var settings = found.Plan.Settings;
        var lines = SettingLines.Write(settings).ToArray();
        return Plainer.Select(plainer => plainer(settings)).Prepend(Plainer.Aggregate(settings, (all, plainer) => plainer(all)))
            .Where(s => !SettingLines.Write(s).SequenceEqual(lines)).Select(s => found.Plan with { Settings = s });
    }

    private static FaultPlan WithoutNode(FaultPlan plan, int gone) => plan with
    {
        Settings = plan.Settings with { Nodes = plan.Settings.Nodes - 1 },
        Faults =
        [
            .. from fault in plan.Faults
               where FaultForm.Parts(fault).All(part => NumberOf(part.Value) != gone)
               select FaultForm.With(fault, fault.At, part => NumberOf(part.Value) is { } n && n > gone ? $"{Prefix}{n - 1}" : part.Value),
        ],
    };

    private static int? NumberOf(object? name) =>
        name is string text && text.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(Prefix.Length), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Of what it is changed to by and by, too, only those stay.</summary>
    private static FaultPlan WithVips(FaultPlan plan, Service service, int count)
    {
        var fewer = service with { Vips = service.Vips[..count] };
        return plan with
        {
            Settings = plan.Settings with { Services = [.. plan.Settings.Services.Select(s => s == service ? fewer : s)] },
            Faults = [.. plan.Faults.Select(f => f is Apply apply && apply.Service.Name == service.Name ? WithVips(apply, fewer.Vips) : f)],
        };
    }

    private static Apply WithVips(Apply apply, ImmutableArray<VipAddress> vips)
    {
        var left = apply.Service.Vips.Where(vips.Contains).ToImmutableArray();
        return apply with { Service = apply.Service with { Vips = left.IsEmpty ? [vips[0]] : left } };
    }
}
