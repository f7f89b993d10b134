using System.Text.RegularExpressions;

namespace Fleet.Lab.Topology;

/// <summary>What a topology must keep, so that its names fit the kernel's and its addresses the plan.</summary>
internal static partial class TopologyRules
{
    public const int SitesMax = 9;
    public const int HostsOfKindMax = 250;
    public const int VipsMax = 10_000;

    /// <summary>A link's name has 15 characters at most (IFNAMSIZ, netdevice(7)), and the control port of a host is called HOST.c.</summary>
    public const int NameMax = 13;

    /// <summary>A rack's uplinks are called after it, with three characters more.</summary>
    public const int RackNameMax = 12;

    /// <summary>Names that mean something else.</summary>
    private static readonly string[] Reserved =
        [Places.All, Places.Coordinators, Places.Router, Places.Control, Places.Service, Places.Wire, "lo", "eth0", "eth1"];

    /// <summary>All that is wrong, in sentences; empty when the lab can be built.</summary>
    public static IReadOnlyList<string> Problems(LabTopology topology) =>
        [.. LabName(topology.Name), .. Names(topology), .. Sites(topology), .. topology.Hosts.SelectMany(host => Host(host, topology)),
            .. topology.Wires.SelectMany(wire => Wire(wire, topology)), .. Sizes(topology)];

    /// <summary>A hyphen ends the lab's name in the name of a namespace, so it has none itself.</summary>
    public static IEnumerable<string> LabName(string name)
    {
        if (!LabNamePattern().IsMatch(name))
            yield return $"lab name '{name}': a lower-case letter, then at most 9 lower-case letters or digits";
    }

    /// <summary>What is wrong with one shape, whoever it is for.</summary>
    public static IEnumerable<string> Shape(string where, WireShape shape)
    {
        if (shape.DelayMs is not (>= 0 and <= 60_000))
            yield return $"{where}: a delay of {shape.DelayMs} ms; 0 to 60000 is possible";
        if (shape.JitterMs is not (>= 0 and <= 60_000))
            yield return $"{where}: a jitter of {shape.JitterMs} ms; 0 to 60000 is possible";
        if (shape.Loss is not (>= 0 and <= 1))
            yield return $"{where}: a loss of {shape.Loss}; 0 to 1 is possible";
    }

    private static IEnumerable<string> Names(LabTopology topology)
    {
        var names = topology.Sites.Select(site => site.Name).Concat(topology.Hosts.Select(host => host.Name)).ToArray();
        foreach (var name in names.Distinct().Order(StringComparer.Ordinal))
        {
            if (!NamePattern().IsMatch(name) || name.Length > NameMax)
                yield return $"name '{name}': a lower-case letter, then lower-case letters, digits or hyphens, {NameMax} characters at most";
            if (Reserved.Contains(name))
                yield return $"name '{name}': it means something else in a lab";
            if (names.Count(other => other == name) > 1)
                yield return $"name '{name}': more than one site or host has it";
        }
    }

    private static IEnumerable<string> Sites(LabTopology topology)
    {
        if (topology.Sites.Length is 0 or > SitesMax)
            yield return $"{topology.Sites.Length} sites; 1 to {SitesMax} are possible";
        foreach (var site in topology.Sites)
        {
            foreach (var rack in site.RackSwitches.Distinct())
            {
                if (!NamePattern().IsMatch(rack) || rack.Length > RackNameMax)
                    yield return $"rack '{rack}' of {site.Name}: a lower-case letter, then lower-case letters, digits or hyphens, "
                        + $"{RackNameMax} characters at most";
                if (topology.Sites.SelectMany(each => each.RackSwitches).Count(other => other == rack) > 1)
                    yield return $"rack '{rack}' of {site.Name}: more than one switch is called so";
                if (topology.Find(rack) is not null || topology.Sites.Any(each => each.Name == rack) || Reserved.Contains(rack))
                    yield return $"rack '{rack}' of {site.Name}: something else is called so";
            }
        }
    }

    private static IEnumerable<string> Host(LabHost host, LabTopology topology)
    {
        if (host.Kind == HostKind.Coordinator && (host.Site ?? host.Rack) is not null)
            yield return $"{host.Name}: a coordinator stands in no site and no rack; the coordinators have a network of their own";
        if (host.Kind != HostKind.Coordinator && topology.Sites.All(site => site.Name != host.Site))
            yield return $"{host.Name}: there is no site '{host.Site}'; there are {string.Join(", ", topology.Sites.Select(site => site.Name))}";
        if (host.CapMbit is < 1 or > 100_000)
            yield return $"{host.Name}: a cap of {host.CapMbit} Mbit/s; 1 to 100000 is possible";
        var elsewhere = topology.Sites.FirstOrDefault(site => site.Name != host.Site && site.RackSwitches.Contains(host.Rack ?? ""));
        if (elsewhere is not null)
            yield return $"{host.Name}: rack {host.Rack} stands in {elsewhere.Name}, not in {host.Site}";
    }

    private static IEnumerable<string> Wire(LabWire wire, LabTopology topology)
    {
        foreach (var end in new[] { wire.From, wire.To }.Where(end => !Places.IsPlace(end, topology)).Distinct())
            yield return $"wire from {wire.From} to {wire.To}: there is no '{end}'; an end is a site, a host, {Places.Coordinators} or {Places.All}";
        foreach (var problem in Shape($"wire from {wire.From} to {wire.To}", wire.Shape))
            yield return problem;
    }

    private static IEnumerable<string> Sizes(LabTopology topology)
    {
        foreach (var kind in Enum.GetValues<HostKind>().Where(kind => topology.Of(kind).Count() > HostsOfKindMax))
            yield return $"{topology.Of(kind).Count()} hosts of kind {kind}; {HostsOfKindMax} is the most";
        if (topology.VipsPerSite is < 0 or > VipsMax || topology.Vips6PerSite is < 0 or > VipsMax)
            yield return $"{topology.VipsPerSite} IPv4 and {topology.Vips6PerSite} IPv6 VIPs for each site; 0 to {VipsMax} is possible";
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9]{0,9}\z", RegexOptions.None, 1000)]
    private static partial Regex LabNamePattern();

    [GeneratedRegex(@"\A[a-z][a-z0-9-]*\z", RegexOptions.None, 1000)]
    private static partial Regex NamePattern();
}
