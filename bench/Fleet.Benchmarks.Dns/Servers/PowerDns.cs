using System.Text;
using Fleet.Benchmarks.Dns.Scenario;

namespace Fleet.Benchmarks.Dns.Servers;

/// <summary>
/// PowerDNS with its geoip backend: networks pick the site's name, whose records have weights. Packet and query cache would answer one client for
/// another, and are off.
/// </summary>
public static class PowerDns
{
    public static Contender Create(Workload workload) => new()
    {
        Name = "powerdns",
        Setting = "geoip backend, one receiver thread, caches off",
        Workload = workload,
        Missing = Contender.Lacks("pdns_server")
            ?? (ModuleFile.Find("libgeoipbackend.so", "pdns") is not null ? null : "pdns-backend-geoip is not installed (./fleet setup)"),
        Prepare = (folder, port) => Prepare(folder, port, workload),
    };

    private static Launch Prepare(DirectoryInfo folder, int port, Workload workload)
    {
        var at = folder.FullName;
        var text = new StringBuilder($"domains:\n- domain: {Workload.Zone}\n  ttl: 0\n  records:\n    {Workload.Zone}:\n");
        text.Append($"    - soa: ns.{Workload.Zone} hostmaster.{Workload.Zone} 1 7200 1800 259200 5\n    - ns: ns.{Workload.Zone}\n");
        for (var name = 0; name < workload.Names; name++)
        {
            for (var site = 0; site < Workload.Sites; site++)
            {
                text.Append($"    {Workload.Label(name)}.dc{site}.{Workload.Zone}:\n");
                for (var which = 0; which < Workload.AddressesPerSite; which++)
                    text.Append(
                        $"    - a: "
                        + $"{{ content: {Workload.Address(name, site, which)}, weight: {Workload.WeightOf(Workload.NodeOf(name, which))} }}\n");
            }
        }

        text.Append("  services:\n");
        for (var name = 0; name < workload.Names; name++)
        {
            text.Append($"    {Workload.FullName(name)}:\n      default: [ {Workload.Label(name)}.dc0.{Workload.Zone} ]\n");
            for (var network = 0; network < workload.Prefixes; network++)
                text.Append($"      {Workload.Cidr(network)}: [ {Workload.Label(name)}.dc{Workload.SiteOf(network)}.{Workload.Zone} ]\n");
        }

        File.WriteAllText($"{at}/zones.yaml", text.ToString());
        File.WriteAllText($"{at}/pdns.conf", $"""
            launch=geoip
            geoip-zones-file={at}/zones.yaml
            local-address=127.0.0.1
            local-port={port}
            socket-dir={at}
            receiver-threads=1
            distributor-threads=1
            edns-subnet-processing=yes
            cache-ttl=0
            query-cache-ttl=0
            negquery-cache-ttl=0
            daemon=no
            guardian=no
            disable-syslog=yes
            loglevel=3
            version-string=anonymous

            """);
        return new Launch(Contender.Find("pdns_server")!, $"--config-dir={at}");
    }
}
