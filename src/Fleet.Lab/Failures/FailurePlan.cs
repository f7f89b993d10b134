using System.Collections.Immutable;
using Fleet.Demo.Processes;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Failures;

/// <summary>What is done to a lab to make something fail, and to mend it.</summary>
internal static class FailurePlan
{
    /// <summary>The actions, or why there are none.</summary>
    public static (ImmutableArray<LabAction> Actions, string? Refusal) Of(Failure failure, LabTopology topology)
    {
        if (failure.Kind is FailureKind.Delay or FailureKind.Loss or FailureKind.Cut)
            return Wires(failure, topology);
        if (failure.Kind is FailureKind.RackDown or FailureKind.RackUp)
            return Rack(failure, topology);
        if (topology.Find(failure.Place) is not { } host)
            return ([], $"there is no host {failure.Place}; there is {string.Join(", ", topology.Hosts.Select(each => each.Name))}");
        if (failure.Kind is FailureKind.ControlDown && host.Kind != HostKind.Node)
            return ([], $"{host.Name} has no control line; nodes have");
        return (Host(failure, host), null);
    }

    /// <summary>Everything as it was, on one host or on all.</summary>
    /// <param name="place">Null is everything, the wires included.</param>
    public static (ImmutableArray<LabAction> Actions, string? Refusal) Heal(string? place, LabTopology topology)
    {
        if (place is not null && topology.Sites.FirstOrDefault(site => site.RackSwitches.Contains(place)) is { } site)
            return ([.. RackPorts(site, place, topology).Select(port => new LabAction.SetPort(site.Name, port, true))], null);
        var hosts = topology.Hosts.Where(host => place is null || host.Name == place).ToArray();
        if (hosts.Length == 0)
            return ([], $"there is no host and no rack switch {place}");
        var racks = place is not null
            ? []
            : topology.Sites.SelectMany(each => each.RackSwitches.SelectMany(
                rack => RackPorts(each, rack, topology).Select(port => new LabAction.SetPort(each.Name, port, true))));
        return
        (
            [
                .. racks,
                .. hosts.SelectMany(host => Ports(host, true)),
                .. hosts.Select(host => new LabAction.SignalHost(host.Name, Signal.Continue, null)),
                .. place is null ? new LabAction[] { new LabAction.ResetWires() } : [],
                .. hosts.Select(host => new LabAction.Restart(host.Name)),
            ],
            null);
    }

    private static ImmutableArray<LabAction> Host(Failure failure, LabHost host) => failure.Kind switch
    {
        FailureKind.Kill => [new LabAction.SignalHost(host.Name, Signal.Kill, failure.Only)],
        FailureKind.PowerOff => [.. Ports(host, false), new LabAction.SignalHost(host.Name, Signal.Kill, null)],
        FailureKind.Stop => [new LabAction.SignalHost(host.Name, Signal.Stop, failure.Only)],
        FailureKind.Cont => [new LabAction.SignalHost(host.Name, Signal.Continue, failure.Only)],
        FailureKind.LinkDown => [.. Ports(host, false)],
        FailureKind.LinkUp => [.. Ports(host, true)],
        FailureKind.ServiceDown => [Port(host, host.Name, false)],
        _ => [Port(host, Places.ControlPort(host.Name), false)],
    };

    private static (ImmutableArray<LabAction> Actions, string? Refusal) Wires(Failure failure, LabTopology topology)
    {
        foreach (var end in new[] { failure.Place, failure.To ?? Places.All })
        {
            if (!Places.IsPlace(end, topology))
                return ([], $"there is no '{end}'; an end is a site, a host, {Places.Coordinators} or {Places.All}");
        }

        var shape = failure.Kind == FailureKind.Cut ? failure.Shape with { Loss = 1 } : failure.Shape;
        var problems = TopologyRules.Shape($"{failure.Kind.ToString().ToLowerInvariant()} {failure.Place}", shape).ToArray();
        return problems.Length > 0
            ? ([], string.Join("; ", problems))
            : ([new LabAction.SetWire(new LabWire(failure.Place, failure.To ?? Places.All, shape) { BothWays = !failure.OneWay })], null);
    }

    private static (ImmutableArray<LabAction> Actions, string? Refusal) Rack(Failure failure, LabTopology topology)
    {
        var site = topology.Sites.FirstOrDefault(each => each.RackSwitches.Contains(failure.Place));
        if (site is null)
        {
            var racks = topology.Sites.SelectMany(each => each.RackSwitches).ToArray();
            return ([], $"no rack {failure.Place} has a switch of its own; "
                + (racks.Length == 0 ? "none has in this lab (up racks makes one that has)" : $"{string.Join(", ", racks)} have"));
        }

        var isUp = failure.Kind == FailureKind.RackUp;
        return ([.. RackPorts(site, failure.Place, topology).Select(port => new LabAction.SetPort(site.Name, port, isUp))], null);
    }

    /// <summary>Lines to hosts and to the site's switch, of both networks.</summary>
    private static IEnumerable<string> RackPorts(LabSite site, string rack, LabTopology topology) =>
    [
        Places.RackDownlink(Places.Service, rack),
        Places.RackUplink(Places.Service, rack),
        Places.RackDownlink(Places.Control, rack),
        Places.RackUplink(Places.Control, rack),
        .. topology.Hosts.Where(host => host.Site == site.Name && host.Rack == rack).SelectMany(PortNames),
    ];

    private static IEnumerable<LabAction> Ports(LabHost host, bool isUp) =>
        PortNames(host).Select(port => Port(host, port, isUp));

    private static string[] PortNames(LabHost host) =>
        host.Kind == HostKind.Node ? [host.Name, Places.ControlPort(host.Name)] : [host.Name];

    private static LabAction.SetPort Port(LabHost host, string port, bool isUp) => new(host.Site ?? Places.Control, port, isUp);
}
