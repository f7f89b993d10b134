using System.Collections.Immutable;
using Fleet.Shared.Model;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Plans;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Recording;

/// <summary>
/// A plan as the lines of a story, without what comes of them. A story's world is made by its verbs: its dice are others, and so is what is not
/// said here.
/// </summary>
public static class StoryScript
{
    private const string Coordinator = "coordinator";

    /// <summary>A story gives a service addresses by the length of its name.</summary>
    private static readonly ImmutableArray<string> Services = ["web", "mail", "video", "photos", "streams"];

    /// <summary>What stories have no verb for.</summary>
    public static ImmutableArray<Fault> Untold(FaultPlan plan) => [.. plan.Faults.Where(f => StoryVerbs.ForFault(f).IsEmpty)];

    /// <summary>Settings of its world that a story has no verb for either.</summary>
    public static ImmutableArray<string> Lost(WorldSettings settings) =>
    [
        .. SettingLines.Write(settings with { Seed = 0, Nodes = 0, Coordinators = 1, Services = [] }),
        .. settings.Services.Skip(Services.Length).Select(s => $"service {s.Name}"),
    ];

    public static string Write(FaultPlan plan, params IEnumerable<string> remarks)
    {
        var services = plan.Settings.Services.Take(Services.Length).Index().ToDictionary(s => s.Item.Name, s => new ServiceName(Services[s.Index]));
        ImmutableArray<string> lines =
        [
            .. remarks.Select(remark => $"# {remark}"),
            .. plan.Settings.Coordinators > 1 ? [$"coordinators {plan.Settings.Coordinators}"] : (string[])[],
            $"nodes {plan.Settings.Nodes}",
            .. plan.Settings.Services.Take(Services.Length).Select(s => $"service {services[s.Name]} vips {s.Vips.Length}"),
            .. Told(plan, fault => Renamed(fault, services)),
            "# Everything is mended.",
            .. Mended(plan),
            "run 20s",
            "show owners",
            "show outage",
        ];
        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<string> Told(FaultPlan plan, Func<Fault, Fault> renamed)
    {
        var now = TimeSpan.Zero;
        foreach (var fault in plan.Faults)
        {
            if (fault.At > now)
                yield return $"run {PlainValue.Text(fault.At - now)}";
            now = fault.At;
            foreach (var line in StoryVerbs.ForFault(renamed(fault)))
                yield return line;
        }

        if (plan.Quiet > now)
            yield return $"run {PlainValue.Text(plan.Quiet - now)}";
    }

    private static Fault Renamed(Fault fault, Dictionary<ServiceName, ServiceName> services) => fault switch
    {
        Apply apply => apply with { Service = apply.Service with { Name = services.GetValueOrDefault(apply.Service.Name, apply.Service.Name) } },
        Remove remove => remove with { Service = services.GetValueOrDefault(remove.Service, remove.Service) },
        _ => fault,
    };

    /// <summary>As <see cref="FaultPlan.Mend"/> does it.</summary>
    private static IEnumerable<string> Mended(FaultPlan plan)
    {
        if (plan.Faults.Any(f => f is Cut or CutOff or Lose or PowerOff))
            yield return "heal";
        var dead = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var fault in plan.Faults)
        {
            _ = fault switch
            {
                KillCoordinator or TerminateCoordinator => dead.Add(Coordinator),
                StartCoordinator { Coordinator: null } => dead.Remove(Coordinator),
                Kill kill => dead.Add(kill.Node),
                KillAgent kill => dead.Add(kill.Node),
                PowerOff power => dead.Add(power.Node),
                Start start => dead.Remove(start.Node),
                _ => false,
            };
        }

        foreach (var host in dead)
            yield return $"start {host}";
    }
}
