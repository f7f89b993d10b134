using System.Collections.Immutable;
using System.Net;
using System.Text;
using Fleet.Node.Core;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Haproxy.Rendering;

/// <summary>
/// The files of a layout, by name: HAProxy's configuration and the maps that it reads. HAProxy 2.6 takes them (configuration.txt). Every word in them
/// is a number, an address, a name made here, or quoted (<see cref="HaproxyText"/>).
/// </summary>
internal static class HaproxyConfig
{
    public const string ConfigFile = "haproxy.cfg";

    /// <summary>VIPs that are drained: each response to them ends its connection.</summary>
    public const string DrainMap = "drain.map";

    /// <summary>One entry, <see cref="CarriedKey"/>: what is carried. A map can be read and changed while HAProxy runs, a comment cannot.</summary>
    public const string CarriedMap = "carried.map";

    public const string CarriedKey = "carried";

    /// <summary>The stick table with the counters of each VIP.</summary>
    public const string VipTable = "fleet-vips";

    public static ImmutableSortedDictionary<string, string> Render(NodePlan plan, BackendStates states, RenderOptions options) =>
        Render(LayoutMaker.Next(null, plan, states, options), options);

    public static ImmutableSortedDictionary<string, string> Render(HaproxyLayout layout, RenderOptions options)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        files[DrainMap] = Lines(layout.Draining.Select(vip => $"{HaproxyText.Address(vip.Value)} 1"));
        foreach (var port in layout.Ports)
            files[port.MapFile] = Lines(port.Sections.Select(entry => $"{HaproxyText.Address(entry.Key.Value)} {entry.Value}"));
        files[ConfigFile] = Config(layout, options);
        files[CarriedMap] = Lines([$"{CarriedKey} {CarriedWord.Of(layout, files)}"]);
        return files.ToImmutable();
    }

    private static string Config(HaproxyLayout layout, RenderOptions options)
    {
        var text = new StringBuilder();
        Line($"# Fleet has made this for {HaproxyText.Name(options.Node)} and makes it anew with each change.");
        Global(text, options);
        Defaults(text, options);
        Line("");
        Line("# What each VIP has carried. Nobody is sent here.");
        Line($"backend {VipTable}");
        Line($"    stick-table type ipv6 size {options.CountedVipsMax} store conn_cnt,conn_cur,http_req_cnt,http_err_cnt,bytes_in_cnt,bytes_out_cnt");
        Line("");
        Line("# Holds the map that says what is loaded. Nobody is sent here.");
        Line("backend fleet-carried");
        Line("    mode http");
        Line($"    http-request set-var(txn.carried) str({CarriedKey}),map_str({CarriedMap})");
        foreach (var port in layout.Ports)
            Frontend(text, port, options);
        foreach (var section in layout.Sections)
            Section(text, section);
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    private static void Global(StringBuilder text, RenderOptions options) => Block(
        text,
        "global",
        "default-path config",
        $"stats socket {HaproxyText.Quoted(options.SocketPath)} mode 600 level admin",
        // As many may ask at once; more than these have to wait, and would take HAProxy for one that hangs.
        "stats maxconn 100",
        // A limit that is more than the host allows must not keep everything from starting.
        "no strict-limits",
        $"hard-stop-after {HaproxyText.Milliseconds(options.OldWorkerMax)}",
        options.MaxConnections is { } connections ? $"maxconn {connections}" : null,
        options.Threads is { } threads ? $"nbthread {threads}" : null);

    private static void Defaults(StringBuilder text, RenderOptions options) => Block(
        text,
        "defaults",
        $"timeout connect {HaproxyText.Milliseconds(options.ConnectTimeout)}",
        $"timeout http-request {HaproxyText.Milliseconds(options.RequestTimeout)}",
        $"timeout http-keep-alive {HaproxyText.Milliseconds(options.KeepAliveTimeout)}",
        $"timeout client {HaproxyText.Milliseconds(options.SilenceTimeout)}",
        $"timeout server {HaproxyText.Milliseconds(options.SilenceTimeout)}",
        $"timeout tunnel {HaproxyText.Milliseconds(options.SilenceTimeout)}",
        "option clitcpka",
        "option srvtcpka",
        "option redispatch 1",
        // Reloads lose no request of a connection that is kept between requests.
        "option idle-close-on-response",
        // Whoever connects ahead of time and is sent away gets an end, and not an answer that was not asked for.
        "option http-ignore-probes",
        // The name of this node, for backends that ask for the PROXY header: its only field in HAProxy 2.6 that is free (PP2_TYPE_UNIQUE_ID).
        $"unique-id-format {HaproxyText.Name(options.Node)}");

    private static void Frontend(StringBuilder text, HaproxyPort port, RenderOptions options)
    {
        var isHttp = port.Protocol == ListenerProtocol.Http;
        var toVip = $"dst,map_ip({port.MapFile})";
        Block(
            text,
            $"frontend {port.Name}",
            [
                $"mode {(isHttp ? "http" : "tcp")}",
                .. Addresses(port, options).Select(address => Bind(address, port.Port, options)),
                $"tcp-request connection reject if !{{ {toVip} -m found }}",
                $"tcp-request connection track-sc0 dst table {VipTable}",
                isHttp ? "option forwardfor" : null,
                // Not where the connection becomes a tunnel: 101 has an Upgrade field that goes with its Connection field.
                isHttp ? $"http-after-response set-header Connection close if {{ dst,map_ip({DrainMap}) -m found }} !{{ status 101 }}" : null,
                $"use_backend %[{toVip}]",
            ]);
    }

    private static IEnumerable<IPAddress> Addresses(HaproxyPort port, RenderOptions options) =>
        port.OnVips ? port.Sections.Keys.Select(vip => vip.Value) : options.ListenAddresses;

    private static string Bind(IPAddress address, int port, RenderOptions options)
    {
        var bind = $"bind {HaproxyText.Endpoint(new IPEndPoint(address, port))}";
        if (address.Equals(IPAddress.IPv6Any))
            bind += " v6only";
        if (options.Transparent)
            bind += " transparent";
        return options.Interface is { } name ? $"{bind} interface {HaproxyText.Quoted(name)}" : bind;
    }

    private static void Section(StringBuilder text, HaproxySection section)
    {
        text.Append(section.Service is { } service ? $"\n# {HaproxyText.Name(service.Value)}" : "\n# spare");
        Block(
            text,
            $"backend {section.Name}",
            [
                $"mode {(section.Kind.Protocol == ListenerProtocol.Http ? "http" : "tcp")}",
                .. Balance(section.Kind.Balance),
                section.Kind.Protocol == ListenerProtocol.Http ? "option prefer-last-server" : null,
                // A client has its connections to backends for itself, so what a backend knows of a connection is about one client.
                "http-reuse never",
                .. section.Slots.Select(slot => Server(section.Kind, slot)),
            ]);
    }

    /// <summary>All of these can change weights and take new servers while they are loaded.</summary>
    private static string[] Balance(BalancePolicy balance) => balance switch
    {
        BalancePolicy.RoundRobin => ["balance roundrobin"],
        BalancePolicy.LeastConnections => ["balance leastconn"],
        BalancePolicy.Source => ["balance source", "hash-type consistent"],
        _ => throw new System.Diagnostics.UnreachableException($"HAProxy has no algorithm for {balance}."),
    };

    private static string Server(SectionKind kind, HaproxySlot slot)
    {
        var off = slot.Weight == 0 ? " disabled" : "";
        return $"server {slot.Name} {ServerWords(kind, slot)}{off} # {HaproxyText.Name(slot.Server.Name)}";
    }

    /// <summary>What follows the server's name, in the configuration and in the runtime API alike.</summary>
    public static string ServerWords(SectionKind kind, HaproxySlot slot)
    {
        var proxied = kind.ProxyProtocol ? " send-proxy-v2 proxy-v2-options unique-id" : "";
        return $"{HaproxyText.Endpoint(slot.Server.Address)} id {slot.Id} weight {Math.Max(1, slot.Weight)}{proxied}";
    }

    private static void Block(StringBuilder text, string head, params IEnumerable<string?> lines)
    {
        text.Append('\n').Append(head).Append('\n');
        foreach (var line in lines)
            if (line is not null)
                text.Append("    ").Append(line).Append('\n');
    }

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
