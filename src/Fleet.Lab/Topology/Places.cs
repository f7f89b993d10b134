namespace Fleet.Lab.Topology;

/// <summary>Names of what every lab has, and how things are called from them. Namespaces have the lab's name and a hyphen before their own.</summary>
internal static class Places
{
    /// <summary>Whatever passes the router.</summary>
    public const string All = "all";

    /// <summary>The coordinators' network.</summary>
    public const string Coordinators = "coordinators";

    public const string Router = "router";

    /// <summary>The switch of the control network: of a site, or of the coordinators.</summary>
    public const string Control = "control";

    /// <summary>The switch of a site's service network.</summary>
    public const string Service = "service";

    /// <summary>The TUN device of the router.</summary>
    public const string Wire = "wire0";

    /// <summary>The link of a host that carries VIPs.</summary>
    public const string ServiceLink = "eth0";

    /// <summary>The link of a node that leads to the coordinators.</summary>
    public const string ControlLink = "eth1";

    public static string Namespace(string lab, string place) => $"{lab}-{place}";

    /// <summary>The port of a switch, or the link of the router, that belongs to the control network.</summary>
    public static string ControlPort(string name) => $"{name}.c";

    /// <summary>A rack's switch of one network, <see cref="Service"/> or <see cref="Control"/>.</summary>
    public static string RackSwitch(string network, string rack) => $"{rack}.{network[0]}";

    /// <summary>The rack's end of the line to the site's switch.</summary>
    public static string RackUplink(string network, string rack) => $"{rack}.{network[0]}u";

    /// <summary>The site's end of it.</summary>
    public static string RackDownlink(string network, string rack) => $"{rack}.{network[0]}d";

    public static bool IsPlace(string name, LabTopology topology) =>
        name is All or Coordinators || topology.Find(name) is not null || topology.Sites.Any(site => site.Name == name);

    /// <summary>The switch that a host hangs on, if that is one of a rack.</summary>
    public static string? RackSwitchOf(LabHost host, LabTopology topology) =>
        host.Rack is { } rack && topology.Sites.Any(site => site.Name == host.Site && site.RackSwitches.Contains(rack)) ? rack : null;
}
