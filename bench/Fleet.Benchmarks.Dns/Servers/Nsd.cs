using Fleet.Benchmarks.Dns.Scenario;

namespace Fleet.Benchmarks.Dns.Servers;

/// <summary>NSD with a static zone: it decides nothing, and is here as the fastest that answers DNS at all.</summary>
public static class Nsd
{
    public static Contender Create(Workload workload) => new()
    {
        Name = "nsd",
        Setting = "static zone, one server, no rate limit, 4 MB buffers",
        Workload = workload,
        Missing = Contender.Lacks("nsd"),
        ChoosesSites = false,
        Prepare = (folder, port) => Prepare(folder, port, workload),
    };

    private static Launch Prepare(DirectoryInfo folder, int port, Workload workload)
    {
        var at = folder.FullName;
        File.WriteAllText(
            $"{at}/{Workload.Zone}.zone",
            $"$ORIGIN {Workload.Zone}.\n$TTL 0\n@ SOA ns hostmaster 1 7200 1800 259200 5\n@ NS ns\nns A 127.0.0.1\n"
            + string.Concat(Enumerable.Range(0, workload.Names).Select(name => $"{Workload.Label(name)} 0 A {Workload.Address(name, 0, 0)}\n")));
        File.WriteAllText($"{at}/nsd.conf", $"""
            server:
              ip-address: 127.0.0.1
              port: {port}
              server-count: 1
              reuseport: no
              username: ""
              zonesdir: "{at}"
              zonelistfile: "{at}/zone.list"
              database: ""
              xfrdfile: "{at}/xfrd.state"
              xfrdir: "{at}"
              pidfile: "{at}/nsd.pid"
              receive-buffer-size: 4194304
              send-buffer-size: 4194304
              rrl-ratelimit: 0
              rrl-whitelist-ratelimit: 0
              minimal-responses: yes
              verbosity: 0
            remote-control:
              control-enable: no
            zone:
              name: {Workload.Zone}
              zonefile: {Workload.Zone}.zone

            """);
        return new Launch(Contender.Find("nsd")!, "-d", "-c", $"{at}/nsd.conf");
    }
}
