using System.Collections.Immutable;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Rendering;

/// <summary>One namespace of a lab.</summary>
/// <param name="Name">With the lab's before it.</param>
/// <param name="Kind"><c>switch</c>, <c>router</c>, <c>node</c>, <c>client</c>, <c>backend</c> or <c>coordinator</c>.</param>
internal sealed record LabNamespace(string Name, string Kind, string? Site, ImmutableArray<string> Addresses);

/// <summary>
/// How a lab is built: namespaces first, then stage by stage; the scripts of one stage do not wait for each other. Links are made inside the
/// namespaces of switches, with their other ends inside those of hosts, so the namespace from which a lab is built never sees one.
/// </summary>
internal sealed record LabPlan(ImmutableArray<LabNamespace> Namespaces, ImmutableArray<ImmutableArray<LabScript>> Stages)
{
    /// <summary>The beginning of the alias that every namespace's loopback has: by it a lab is found when all else is gone.</summary>
    public const string Mark = "fleet lab ";

    public static LabPlan Of(LabTopology topology)
    {
        var plan = new AddressPlan(topology);
        var namespaces = Spaces(topology, plan).ToImmutableArray();
        return new LabPlan(
            namespaces,
            [
                [.. namespaces.Select(each => new LabScript(each.Name, LabTool.Sysctl, Settings(each.Kind)))],
                [.. SwitchScripts.Of(topology)],
                [.. HostScripts.Of(topology, plan), RouterScripts.Links(topology, plan)],
                [RouterScripts.Rules6(topology, plan), .. CapScripts.Of(topology)],
            ]);
    }

    /// <summary>Everything, for golden files.</summary>
    public override string ToString() =>
        string.Concat(Namespaces.Select(each => $"netns add {each.Name}\n")) + "\n" + string.Join('\n', Stages.SelectMany(stage => stage));

    private static IEnumerable<LabNamespace> Spaces(LabTopology topology, AddressPlan plan)
    {
        foreach (var site in topology.Sites)
            yield return new LabNamespace(Places.Namespace(topology.Name, site.Name), "switch", site.Name, []);
        yield return new LabNamespace(Places.Namespace(topology.Name, Places.Control), "switch", null, []);
        yield return new LabNamespace(
            Places.Namespace(topology.Name, Places.Router),
            Places.Router,
            null,
            [.. RouterScripts.Addresses(topology, plan).Select(each => each.ToString())]);
        foreach (var host in topology.Hosts)
        {
            yield return new LabNamespace(
                Places.Namespace(topology.Name, host.Name),
                host.Kind.ToString().ToLowerInvariant(),
                host.Site,
                [.. plan.All(host).Select(each => each.ToString())]);
        }
    }

    /// <summary>Addresses are the plan's alone, and are used at once: nobody looks for duplicates, or takes what routers advertise.</summary>
    private static ImmutableArray<string> Settings(string kind) =>
    [
        "net.ipv6.conf.all.accept_dad = 0",
        "net.ipv6.conf.default.accept_dad = 0",
        "net.ipv6.conf.default.accept_ra = 0",
        "net.ipv4.conf.all.rp_filter = 0",
        "net.ipv4.conf.default.rp_filter = 0",
        .. kind == Places.Router
            ? new[] { "net.ipv4.ip_forward = 1", "net.ipv6.conf.all.forwarding = 1", "net.ipv4.conf.all.send_redirects = 0" }
            : [],
    ];
}
