using Fleet.Lab.Topology;

namespace Fleet.Lab.Labs;

/// <summary>
/// What a lab keeps on disk, below <c>/run/fleet-lab/NAME</c>: gone with the next boot, as the namespaces are. It is there before the first namespace
/// is made and after the last one is gone, so that whoever comes later knows what to take down.
/// </summary>
internal sealed class LabFolder(string lab)
{
    /// <summary>Of all labs.</summary>
    public const string Root = "/run/fleet-lab";

    /// <summary>There since a lab made <c>/run/netns</c>, which the last lab removes.</summary>
    public const string MadeNetns = $"{Root}/.made-netns";

    public string Lab => lab;

    public string Path => System.IO.Path.Combine(Root, lab);

    public string Topology => File("topology.json");

    /// <summary>Held by whoever is building; exclusively by who takes it down.</summary>
    public string Lock => File("lock");

    public string WireRules => File("wire.json");

    public string WireSocket => File("wire.sock");

    /// <summary>The configuration of all programs of Fleet.</summary>
    public string Config => File("fleet.conf");

    public string Processes => File("processes");

    /// <summary>For the temporary files of what runs in the lab: a runtime that is killed leaves its sockets there.</summary>
    public string Temporary => File("tmp");

    /// <summary>What has been made to fail, and is not mended.</summary>
    public string Failures => File("failures");

    public string Log(string name) => System.IO.Path.Combine(File("logs"), $"{name}.log");

    public string Data(string name) => System.IO.Path.Combine(File("data"), name);

    /// <summary>The labs that are up, or were left behind.</summary>
    public static IReadOnlyList<string> Labs => !Directory.Exists(Root)
        ? []
        : [.. Directory.EnumerateDirectories(Root).Select(folder => System.IO.Path.GetFileName(folder)).Where(name => name[0] != '.')
            .Order(StringComparer.Ordinal)];

    /// <summary>Null when the lab is not there, or was left behind before it had a topology.</summary>
    public LabTopology? ReadTopology() => System.IO.File.Exists(Topology) && System.IO.File.ReadAllText(Topology) is { Length: > 0 } text
        ? TopologyJson.Read(text)
        : null;

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
