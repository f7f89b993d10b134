using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Fleet.Demo.Servers;

/// <summary>
/// A real etcd on free ports of 127.0.0.1, in a temporary folder, by the system's <c>/usr/bin/etcd</c>. Everything is gone when it is disposed of.
/// </summary>
internal sealed class EtcdCluster : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/etcd", "/usr/local/bin/etcd"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private readonly ServerFolder _folder = new("etcd");
    private readonly EtcdOptions _options;

    private EtcdCluster(EtcdOptions options, string program)
    {
        _options = options;
        Certificates = options.Tls ? new EtcdCertificates(_folder.File("tls")) : null;
        Admin = new EtcdAdmin(Certificates);
        var places = Enumerable.Range(1, options.Members)
            .Select(i => (Name: $"m{i}", Client: Loopback(), Peer: Loopback()))
            .ToArray();
        var all = string.Join(',', places.Select(place => $"{place.Name}=http://{place.Peer}"));
        Members = [.. places.Select(place => new EtcdMember(_folder, program, place.Name, Arguments(place.Name, place.Client, place.Peer, all))
            {
                Endpoint = place.Client,
                Peer = place.Peer,
            }),
        ];
    }

    /// <summary>Null where it is not installed.</summary>
    public static string? Program => Places.FirstOrDefault(File.Exists);

    public IReadOnlyList<EtcdMember> Members { get; }

    /// <summary>For clients.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => [.. Members.Select(member => member.Endpoint)];

    /// <summary>Null without TLS.</summary>
    public EtcdCertificates? Certificates { get; }

    public EtcdAdmin Admin { get; }

    /// <summary>All members are healthy when it returns.</summary>
    public static async Task<EtcdCluster> StartAsync(EtcdOptions options, CancellationToken cancellation)
    {
        var cluster = new EtcdCluster(options, Program ?? throw new FileNotFoundException("etcd is not installed: ./fleet setup does."));
        try
        {
            foreach (var member in cluster.Members)
                member.Start();
            await cluster.BecomeHealthyAsync(cancellation);
            if (options.Password is { } password)
                await cluster.AskForPasswordsAsync(password, cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for every member that runs.</summary>
    /// <exception cref="TimeoutException">One does not become healthy.</exception>
    public async Task BecomeHealthyAsync(CancellationToken cancellation)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        foreach (var member in Members.Where(member => member.IsRunning))
        {
            while (!await Admin.IsHealthyAsync(member, cancellation))
            {
                if (TimeProvider.System.GetUtcNow() > until || !member.IsRunning)
                    throw new TimeoutException($"etcd {member.Name} does not become healthy:\n{_folder.LogTail(member.Name)}");
                await Task.Delay(LookEvery, cancellation);
            }
        }
    }

    /// <summary>The member that leads the raft group.</summary>
    public async Task<EtcdMember> RaftLeaderAsync(CancellationToken cancellation)
    {
        while (true)
        {
            foreach (var member in Members.Where(member => member.IsRunning))
            {
                var status = await Admin.CallAsync(member, "/v3/maintenance/status", [], cancellation);
                if ($"{status["leader"]}" == $"{status["header"]!["member_id"]}")
                    return member;
            }

            await Task.Delay(LookEvery, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _folder.DisposeAsync();
    }

    private static IPEndPoint Loopback() => new(IPAddress.Loopback, LoopbackPort.Next());

    private string[] Arguments(string name, IPEndPoint client, IPEndPoint peer, string all)
    {
        var clientUrl = $"{(_options.Tls ? "https" : "http")}://{client}";
        string[] always =
        [
            "--name", name, "--data-dir", _folder.File(name), "--listen-client-urls", clientUrl, "--advertise-client-urls", clientUrl,
            "--listen-peer-urls", $"http://{peer}", "--initial-advertise-peer-urls", $"http://{peer}", "--initial-cluster", all,
            "--initial-cluster-state", "new", "--heartbeat-interval", $"{_options.HeartbeatMs}", "--election-timeout", $"{_options.ElectionMs}",
            "--logger", "zap", "--log-outputs", "stderr", "--log-level", "warn",
            "--auto-compaction-mode", "revision", "--auto-compaction-retention", "10000",
            .. _options.QuotaBytes is { } quota ? ["--quota-backend-bytes", $"{quota}"] : Array.Empty<string>(),
        ];
        return Certificates is not { } tls
            ? always
            :
            [
                .. always, "--cert-file", tls.ServerFile, "--key-file", tls.ServerKeyFile, "--trusted-ca-file", tls.AuthorityFile,
                "--client-cert-auth",
            ];
    }

    private async Task AskForPasswordsAsync(string password, CancellationToken cancellation)
    {
        await Admin.CallAsync(Members[0], "/v3/auth/user/add", new JsonObject { ["name"] = "root", ["password"] = password }, cancellation);
        await Admin.CallAsync(Members[0], "/v3/auth/role/add", new JsonObject { ["name"] = "root" }, cancellation);
        await Admin.CallAsync(Members[0], "/v3/auth/user/grant", new JsonObject { ["user"] = "root", ["role"] = "root" }, cancellation);
        await Admin.CallAsync(Members[0], "/v3/auth/user/add", new JsonObject { ["name"] = "fleet", ["password"] = password }, cancellation);
        await Admin.CallAsync(Members[0], "/v3/auth/role/add", new JsonObject { ["name"] = "fleet" }, cancellation);
        var from = Encoding.UTF8.GetBytes(_options.FleetPrefix);
        byte[] end = [.. from[..^1], (byte)(from[^1] + 1)];
        var may = new JsonObject
        {
            ["permType"] = "READWRITE",
            ["key"] = Convert.ToBase64String(from),
            ["range_end"] = Convert.ToBase64String(end),
        };
        await Admin.CallAsync(Members[0], "/v3/auth/role/grant", new JsonObject { ["name"] = "fleet", ["perm"] = may }, cancellation);
        await Admin.CallAsync(Members[0], "/v3/auth/user/grant", new JsonObject { ["user"] = "fleet", ["role"] = "fleet" }, cancellation);
        await Admin.CallAsync(Members[0], "/v3/auth/enable", [], cancellation);
    }
}
