using System.Text;
using Fleet.Benchmarks.Dns.Scenario;

namespace Fleet.Benchmarks.Dns.Servers;

/// <summary>Knot with mod-geoip by subnet. It has no weights there: each network has the one address it gets, listed for each name.</summary>
public static class Knot
{
    public static Contender Create(Workload workload) => new()
    {
        Name = "knot",
        Setting = "mod-geoip by subnet, one UDP worker",
        Workload = workload,
        Missing = Contender.Lacks("knotd")
            ?? (ModuleFile.Find("geoip.so", "knot") is null ? "knot-module-geoip is not installed (./fleet setup)" : null),
        Prepare = (folder, port) => Prepare(folder, port, workload),
    };

    private static Launch Prepare(DirectoryInfo folder, int port, Workload workload)
    {
        var at = folder.FullName;
        File.WriteAllText(
            $"{at}/{Workload.Zone}.zone",
            "$TTL 0\n@ SOA ns hostmaster 1 7200 1800 259200 5\n@ NS ns\nns A 127.0.0.1\n" + string.Concat(
                Enumerable.Range(0, workload.Names).Select(Fallback)));
        var geo = new StringBuilder();
        for (var name = 0; name < workload.Names; name++)
        {
            geo.Append($"{Workload.FullName(name)}:\n");
            for (var network = 0; network < workload.Prefixes; network++)
                geo.Append(
                    $"  - net: {Workload.Cidr(network)}\n    A: "
                    + $"{Workload.Address(name, Workload.SiteOf(network), network % Workload.AddressesPerSite)}\n");
        }

        File.WriteAllText($"{at}/geo.conf", geo.ToString());
        File.WriteAllText($"{at}/knot.conf", $"""
            server:
              rundir: {at}
              listen: 127.0.0.1@{port}
              udp-workers: 1
              tcp-workers: 1
              background-workers: 1
              edns-client-subnet: on
            database:
              storage: {at}
            log:
              - target: stderr
                any: error
            mod-geoip:
              - id: default
                config-file: {at}/geo.conf
                ttl: 0
                mode: subnet
            zone:
              - domain: {Workload.Zone}
                storage: {at}
                file: {Workload.Zone}.zone
                module: mod-geoip/default

            """);
        return new Launch(Contender.Find("knotd")!, "-c", $"{at}/knot.conf");
    }

    /// <summary>What a client of no site gets.</summary>
    private static string Fallback(int name) => $"{Workload.Label(name)} 0 A {Workload.Address(name, 0, 0)}\n";
}
