using System.Collections.Immutable;
using Fleet.Lab.Configs;
using Fleet.Lab.Failures;
using Fleet.Lab.Labs;
using Fleet.Lab.Processes;
using Fleet.Lab.Rendering;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Status;

/// <summary>Looks at a lab as it is now.</summary>
internal static class StatusReading
{
    private const string Haproxy = "haproxy";

    public static async Task<LabStatus> ReadAsync(NetworkLab lab, CancellationToken cancellation)
    {
        var (topology, plan) = (lab.Topology, lab.Plan);
        var namespaces = LabPlan.Of(topology).Namespaces;
        var living = await lab.LivingAsync(namespaces.Select(each => each.Name[(lab.Name.Length + 1)..]), cancellation);
        var vips = topology.Sites.SelectMany(site => plan.Vips(site.Name)).Select(vip => vip.ToString()).ToImmutableArray();
        return new LabStatus(
            lab.Name,
            FleetConf.Zone,
            [.. topology.Of(HostKind.Node).Where(node => Started(lab, node) is not null)
                .Select(node => $"{plan.Service(node)[0].Address}:{AddressPlan.DnsPort}")],
            [.. namespaces.Select(each => new NamespaceStatus(
                each.Name, each.Kind, each.Site, each.Addresses, Processes(living[each.Name[(lab.Name.Length + 1)..]])))],
            vips.IsEmpty ? [] : [new ServiceStatus(FleetConf.Service, vips, AddressPlan.ServicePort)],
            [.. topology.Of(HostKind.Node).Select(node => new NodeStatus(
                node.Name,
                lab.NamespaceOf(node.Name),
                new NodePids(Started(lab, node), Oldest(living[node.Name], Haproxy))))],
            [.. topology.Of(HostKind.Coordinator).Select(host => new CoordinatorStatus(
                host.Name,
                lab.NamespaceOf(host.Name),
                $"http://{FleetConf.Coordinator(host, plan)}",
                Started(lab, host)))],
            [.. topology.Of(HostKind.Client).Select(client => lab.NamespaceOf(client.Name))],
            [.. lab.ReadWire().Rules.Select(rule => $"{rule.From} -> {rule.To}: {rule.Shape}")],
            new FailureList(lab.Folder.Failures).Sentences);
    }

    private static ImmutableArray<ProcessStatus> Processes(IEnumerable<ProcStat> living) =>
        [.. living.OrderBy(each => each.Id.Pid).Select(each => new ProcessStatus(each.Name, each.Id.Pid, each.State.ToString()))];

    /// <summary>What the lab itself has started there, while it lives.</summary>
    private static int? Started(NetworkLab lab, LabHost host) => lab.Processes.Find(host.Name) is { IsAlive: true } process ? process.Pid : null;

    /// <summary>Of several processes of a program the first: a master before its workers.</summary>
    private static int? Oldest(IEnumerable<ProcStat> living, string program) =>
        living.Where(each => each.Name == program).OrderBy(each => (each.Id.Start, each.Id.Pid)).Select(each => (int?)each.Id.Pid).FirstOrDefault();
}
