using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Config;

namespace Fleet.Node.Doctor.Rules;

/// <summary>Whether this host can be the node that its configuration asks for, and how to mend what is missing.</summary>
internal static class HostChecks
{
    private static readonly string[] GoodClocks = ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "xen"];

    public static ImmutableArray<Finding> Look(NodeSettings settings, HostFacts facts) =>
    [
        .. NeedChecks.Look(settings, facts),
        .. settings is { Vips: VipsKind.Linux } ? NeighbourChecks.Look(settings, facts) : [],
        Clock(facts),
        ClockSource(facts),
        Sessions(settings, facts),
        .. facts.Ports.Select(port => Port(port, facts)),
    ];

    /// <summary>What keeps an agent from starting, a line each, like other mistakes of its configuration.</summary>
    public static ImmutableArray<string> Refusals(NodeSettings settings, HostFacts facts) =>
    [
        .. NeedChecks.Look(settings, facts)
            .Where(finding => finding.Key is not null)
            .OrderBy(finding => settings.Origins[finding.Key!].File, StringComparer.Ordinal)
            .ThenBy(finding => settings.Origins[finding.Key!].Line)
            .Select(finding => $"{settings.Origins[finding.Key!]}: fleet.node.{finding.Key}: {finding.Found}; to mend it: {finding.Mend}"),
    ];

    private static Finding Clock(HostFacts facts) => facts.IsClockKept switch
    {
        null => Finding.Warn("clock", "whether somebody keeps the wall clock right cannot be seen here", "run chrony or systemd-timesyncd"),
        true => Finding.Ok("clock", "the wall clock is kept right"),
        false => Finding.Warn(
            "clock", "nobody keeps the wall clock right: leases do not mind, but DNSSEC signatures and logs do", "run chrony or systemd-timesyncd"),
    };

    private static Finding ClockSource(HostFacts facts) => facts.ClockSource is null || GoodClocks.Contains(facts.ClockSource)
        ? Finding.Ok("clock source", facts.ClockSource ?? "not told")
        : Finding.Warn(
            "clock source",
            $"{facts.ClockSource}: each look at the clock is slow, and a node looks at it for every chunk of traffic",
            "look in dmesg why the kernel gave up tsc");

    /// <summary>sched(7), "The autogroup feature": nice values count only among the processes of one session.</summary>
    private static Finding Sessions(NodeSettings settings, HostFacts facts) =>
        facts.Parameters.GetValueOrDefault("kernel.sched_autogroup_enabled") == 1 && settings.HighPriority
            ? Finding.Warn(
                "priority",
                "kernel.sched_autogroup_enabled is 1: a nice value counts only within its own session, so high-priority may do nothing without "
                    + "real-time priority",
                "sysctl -w kernel.sched_autogroup_enabled=0, or let the agent's unit have LimitRTPRIO=1")
            : Finding.Ok("priority", settings.HighPriority ? "nice values count among all processes" : "high-priority is off");

    private static Finding Port(HostPort port, HostFacts facts)
    {
        var matter = port.Key;
        if (!IPAddress.IsLoopback(port.At.Address) && !IsAny(port.At.Address) && !facts.Addresses.Contains(port.At.Address))
            return Finding.Bad(matter, $"{port.At.Address} is no address of this host", "add it to an interface, or choose another");
        return port.Holder switch
        {
            null => Finding.Ok(matter, $"{port.At} is free"),
            { } holder when holder.Contains("fleet-node", StringComparison.Ordinal) => Finding.Ok(matter, $"{port.At} is the agent's, {holder}"),
            { } holder when holder.StartsWith("process ", StringComparison.Ordinal) && !holder.Contains("(dotnet)", StringComparison.Ordinal) =>
                Finding.Bad(matter, $"{port.At} is in use by {holder}", "stop that one, or choose another port"),
            var holder => Finding.Warn(matter, $"{port.At} is in use by {holder}", "look as root whether that is the agent: ss -tulpn"),
        };
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
