using System.Text;
using Fleet.Benchmarks.Dns.Scenario;

namespace Fleet.Benchmarks.Dns.Servers;

/// <summary>gdnsd: the geoip plugin picks the site by network, the weighted plugin one of its addresses, as Fleet does.</summary>
public static class Gdnsd
{
    public static Contender Create(Workload workload) => new()
    {
        Name = "gdnsd",
        Setting = "geoip and weighted, min_ttl 0, 1 MB buffers (the most it takes), one UDP thread",
        Workload = workload,
        Missing = Contender.Lacks("gdnsd"),
        Prepare = (folder, port) => Prepare(folder, port, workload),
    };

    private static Launch Prepare(DirectoryInfo folder, int port, Workload workload)
    {
        File.WriteAllText(Path.Combine(folder.FullName, "config"), Configuration(folder, port, workload));
        var zone = new StringBuilder($"$TTL 0\n@ SOA ns hostmaster 1 7200 1800 259200 5\n@ NS ns\nns A 127.0.0.1\n");
        for (var name = 0; name < workload.Names; name++)
            zone.Append($"{Workload.Label(name)} 0 DYNA geoip!{Workload.Label(name)}\n");
        File.WriteAllText(Path.Combine(folder.CreateSubdirectory("zones").FullName, Workload.Zone), zone.ToString());
        return new Launch(Contender.Find("gdnsd")!, "-c", folder.FullName, "start");
    }

    private static string Configuration(DirectoryInfo folder, int port, Workload workload)
    {
        var text = new StringBuilder();
        text.Append(
            $"options => "
            + $"{{ listen => {{ 127.0.0.1:{port} => {{ udp_threads = 1, tcp_threads = 1, udp_rcvbuf = 1048576, udp_sndbuf = 1048576 }} }}, ");
        text.Append($"min_ttl => 0, run_dir => {folder.FullName}/run, state_dir => {folder.FullName}/state }}\n");
        text.Append("plugins => {\n weighted => {\n");
        for (var name = 0; name < workload.Names; name++)
        {
            for (var site = 0; site < Workload.Sites; site++)
            {
                text.Append($"  {Workload.Label(name)}-{site} => {{ ");
                for (var which = 0; which < Workload.AddressesPerSite; which++)
                    text.Append($"a{which} = [ {Workload.Address(name, site, which)}, {Workload.WeightOf(Workload.NodeOf(name, which))} ] ");
                text.Append("}\n");
            }
        }

        text.Append(" }\n geoip => {\n  maps => { m => { datacenters => [ dc0, dc1 ], nets => {\n");
        for (var network = 0; network < workload.Prefixes; network++)
            text.Append($"   {Workload.Cidr(network)} => [ dc{Workload.SiteOf(network)}, dc{1 - Workload.SiteOf(network)} ]\n");
        text.Append("  } } }\n  resources => {\n");
        for (var name = 0; name < workload.Names; name++)
            text.Append(
                $"   {Workload.Label(name)} => "
                + $"{{ map => m, dcmap => {{ dc0 => %weighted!{Workload.Label(name)}-0, dc1 => %weighted!{Workload.Label(name)}-1 }} }}\n");
        return text.Append("  }\n }\n}\n").ToString();
    }
}
