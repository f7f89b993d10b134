using Fleet.Coordinator.Tests.Stores;

namespace Fleet.Coordinator.Tests.Publishers;

/// <summary>The configuration of each real server, as docs/PUBLISHING.md has it, in a folder of the test's.</summary>
internal static class ServerFiles
{
    private const string ZoneFile = """
        $ORIGIN example.net.
        $TTL 3600
        @ IN SOA ns1 hostmaster 1 3600 600 86400 60
        @ IN NS ns1
        ns1 IN A 192.0.2.53
        www IN A 192.0.2.80
        www IN TXT "somebody's own"
        @ IN MX 10 mail
        mail IN A 192.0.2.25

        """;

    /// <summary>Returns the program and its arguments, to be run in the foreground.</summary>
    public static (string Program, string[] Arguments) Write(string kind, TemporaryFolder folder, int port)
    {
        File.WriteAllText(folder.File("example.net.zone"), ZoneFile);
        return kind switch
        {
            "bind" => Bind(folder, port),
            "knot" => Knot(folder, port),
            _ => PowerDns(folder, port),
        };
    }

    public static string Key(string name, string algorithm, string secret) => $$"""
        key "{{name}}" {
            algorithm {{algorithm}};
            secret "{{secret}}";
        };

        """;

    private static (string Program, string[] Arguments) Bind(TemporaryFolder folder, int port)
    {
        File.WriteAllText(folder.File("named.conf"), $$"""
            options {
                directory "{{folder.Path}}";
                pid-file none;
                session-keyfile none;
                listen-on port {{port}} { 127.0.0.1; };
                listen-on-v6 { none; };
                recursion no;
                dnssec-validation no;
                notify no;
            };
            controls { };
            {{Key("fleet", "hmac-sha256", DnsServerProcess.Secret)}}
            {{Key("fleet512", "hmac-sha512", DnsServerProcess.Secret)}}
            zone "example.net" {
                type primary;
                file "example.net.zone";
                update-policy { grant fleet zonesub ANY; grant fleet512 zonesub ANY; };
                allow-transfer { key fleet; key fleet512; };
            };
            """);
        return ("named", ["-g", "-n", "1", "-c", folder.File("named.conf")]);
    }

    private static (string Program, string[] Arguments) Knot(TemporaryFolder folder, int port)
    {
        File.WriteAllText(folder.File("knot.conf"), $"""
            server:
                rundir: "{folder.Path}"
                listen: 127.0.0.1@{port}
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
            log:
              - target: stderr
                any: info
            database:
                storage: "{folder.Path}"
            key:
              - id: fleet
                algorithm: hmac-sha256
                secret: {DnsServerProcess.Secret}
              - id: fleet512
                algorithm: hmac-sha512
                secret: {DnsServerProcess.Secret}
            acl:
              - id: fleet
                key: [fleet, fleet512]
                action: [transfer, update]
            zone:
              - domain: example.net
                storage: "{folder.Path}"
                file: example.net.zone
                acl: fleet
            """);
        return ("knotd", ["-c", folder.File("knot.conf")]);
    }

    private static (string Program, string[] Arguments) PowerDns(TemporaryFolder folder, int port)
    {
        var configuration = $"--config-dir={folder.Path}";
        File.WriteAllText(folder.File("pdns.conf"), $"""
            launch=gsqlite3
            gsqlite3-database={folder.File("pdns.sqlite")}
            local-address=127.0.0.1
            local-port={port}
            socket-dir={folder.Path}
            daemon=no
            guardian=no
            dnsupdate=yes
            allow-axfr-ips=
            cache-ttl=0
            query-cache-ttl=0
            negquery-cache-ttl=0
            zone-cache-refresh-interval=0

            """);
        var schema = new[] { "/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql", "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql" }
            .First(File.Exists);
        DnsServerProcess.Run("sqlite3", folder.File("pdns.sqlite"), $".read {schema}");
        string[][] commands =
        [
            ["load-zone", "example.net", folder.File("example.net.zone")],
            ["import-tsig-key", "fleet", "hmac-sha256", DnsServerProcess.Secret],
            ["import-tsig-key", "fleet512", "hmac-sha512", DnsServerProcess.Secret],
            ["set-meta", "example.net", "TSIG-ALLOW-AXFR", "fleet", "fleet512"],
            ["set-meta", "example.net", "TSIG-ALLOW-DNSUPDATE", "fleet", "fleet512"],
            ["set-meta", "example.net", "SOA-EDIT-DNSUPDATE", "INCREASE"],
        ];
        foreach (var command in commands)
            DnsServerProcess.Run("pdnsutil", [configuration, .. command]);
        return ("pdns_server", [configuration]);
    }
}
