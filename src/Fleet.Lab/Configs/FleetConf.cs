using Fleet.Lab.Topology;

namespace Fleet.Lab.Configs;

/// <summary>The configuration that all programs of a lab's fleet share, in HOCON. What differs between hosts is set on the command line.</summary>
internal static class FleetConf
{
    public const string Zone = "lab.fleet";
    public const string Service = "web";
    public const string ServiceHost = $"{Service}.{Zone}";

    public static string Render(LabTopology topology)
    {
        var plan = new AddressPlan(topology);
        var sites = topology.Sites.Where(site => plan.Vips(site.Name).Length > 0).ToArray();
        return $$"""
            # Written when lab {{topology.Name}} was built.
            fleet {
              cluster.name = {{topology.Name}}
              node {
                capacity = 1Gbps
                coordinators = {{List(topology.Of(HostKind.Coordinator).Select(host => Coordinator(host, plan)))}}
              }
              gslb {
                zone = {{Zone}}
                topology {
            {{Lines(topology.Sites.Select(site => $"      {site.Name} = {List(AddressPlan.Prefixes(plan.ServiceNetwork(site.Name)))}"))}}
                }
              }
              services {
                {{Service}} {
                  vips {
            {{Lines(sites.Select(site => $"        {site.Name} = {List(plan.Vips(site.Name))}"))}}
                  }
                  listeners = [{ port = {{AddressPlan.ServicePort}}, protocol = http }]
                  demand = 1Gbps
                  backends = [
            {{Lines(topology.Of(HostKind.Backend).Select(host => Backend(host, plan)))}}
                  ]
                  check { kind = http, path = /healthz, interval = 500ms }
                }
              }
            }

            """;
    }

    /// <summary>Where a coordinator's API is, and where nodes link to.</summary>
    public static string Coordinator(LabHost host, AddressPlan plan) => $"{plan.Service(host)[0].Address}:{AddressPlan.CoordinatorPort}";

    private static string Backend(LabHost host, AddressPlan plan) =>
        $"        {{ name = {host.Name}, site = {host.Site}, address = \"{plan.Service(host)[0].Address}:{AddressPlan.ServicePort}\" }}";

    private static string List<T>(IEnumerable<T> values) => $"[{string.Join(", ", values.Select(value => $"\"{value}\""))}]";

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
