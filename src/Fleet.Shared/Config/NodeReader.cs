using System.Collections.Immutable;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;
using static Fleet.Shared.Config.Readings;

namespace Fleet.Shared.Config;

/// <summary>`fleet.node` as its settings.</summary>
internal static class NodeReader
{
    /// <summary>Keys that a host may be unable to give what they ask for; <see cref="NodeSettings.Origins"/>.</summary>
    static readonly string[] AsksOfHost = ["data-plane", "vips", "high-priority", "api-listen", "dns-listen", "witness-listen"];

    /// <summary>IFNAMSIZ of Linux leaves 15 letters. What is allowed here needs no quotes in nftables' rules.</summary>
    static readonly Reading<string> Interface = Text(
        "the name of an interface, such as eth0: at most 15 letters, digits and _ - . @",
        t => t.Length is > 0 and <= 15 && t.All(c => char.IsAsciiLetterOrDigit(c) || "_-.@".Contains(c)));

    static readonly Reading<string> Table = Text(
        "the name of an nftables table: a letter, and at most 62 more letters, digits and _ -",
        t => t.Length is > 0 and <= 63 && char.IsAsciiLetter(t[0]) && t.All(c => char.IsAsciiLetterOrDigit(c) || "_-".Contains(c)));

    public static NodeSettings Read(ConfigReader node)
    {
        var errors = node.ErrorCount;
        var linux = node.Section("linux");
        var haproxy = node.Section("haproxy");
        var settings = new NodeSettings
        {
            Name = node.Value("name", NameOrNothing),
            Site = new SiteName(node.Value("site", Name)),
            Domain = new DomainName(node.Value("domain", Name)),
            Segment = node.Optional("segment", Name),
            CapacityBps = node.Value("capacity", Rate(Limits.Capacity)),
            ConnectionsMax = node.Value("connections-max", Whole(Limits.Connections)),
            CapacityShare = node.Value("capacity-share", Fraction(Limits.UtilisationMax)),
            Coordinators = node.Some("coordinators", Link),
            Data = node.Value("data", Folder),
            HighPriority = node.Value("high-priority", Switch),
            StartWait = node.Value("start-wait", Duration(TimeSpan.Zero, TimeSpan.FromMinutes(10))),
            DataPlane = node.Value("data-plane", Choice(("relay", DataPlaneKind.Relay), ("haproxy", DataPlaneKind.Haproxy))),
            Vips = node.Value("vips", Choice(("relay", VipsKind.Relay), ("linux", VipsKind.Linux))),
            ApiListen = node.Value("api-listen", Endpoint),
            DnsListen = node.Value("dns-listen", Endpoint),
            DnsAdvertise = node.Optional("dns-advertise", Target),
            DnssecKeys = node.Optional("dnssec-keys", Folder),
            WitnessListen = node.Value("witness-listen", Endpoint),
            WitnessAdvertise = node.Optional("witness-advertise", Target),
            Relay = Relay(node.Section("relay")),
            Haproxy = Haproxy(haproxy),
            Linux = Linux(linux),
            Origins = AsksOfHost.ToImmutableSortedDictionary(key => key, node.Origin)
                .Add("haproxy.program", haproxy.Origin("program"))
                .Add("linux.interface", linux.Origin("interface"))
                .Add("linux.table", linux.Origin("table")),
        };
        if (node.IsSoundSince(errors) && settings is { Vips: VipsKind.Linux, Linux.Interface: null })
            node.Report("vips", "linux, without linux.interface", "linux, with linux.interface where clients find the VIPs, such as eth0; or relay");
        if (node.IsSoundSince(errors) && settings is { Vips: VipsKind.Relay, DataPlane: not DataPlaneKind.Relay })
            node.Report("vips", "relay", "linux, since the relay holds VIPs for data-plane = relay alone");
        node.Close();
        return settings;
    }

    static HaproxySettings Haproxy(ConfigReader haproxy)
    {
        var settings = new HaproxySettings(haproxy.Value("program", Text("the name or path of a program", t => t.Trim().Length > 0)));
        haproxy.Close();
        return settings;
    }

    static RelaySettings Relay(ConfigReader relay)
    {
        var settings = new RelaySettings
        {
            OrphanMax = relay.Value("orphan-max", Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1))),
            Spare = relay.Value("spare", Switch),
            ConnectTimeout = relay.Value("connect-timeout", Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1))),
        };
        relay.Close();
        return settings;
    }

    static LinuxSettings Linux(ConfigReader linux)
    {
        var settings = new LinuxSettings
        {
            Interface = linux.Optional("interface", Interface),
            Table = linux.Value("table", Table),
            AnswerMax = linux.Value("answer-max", Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1))),
        };
        linux.Close();
        return settings;
    }
}
