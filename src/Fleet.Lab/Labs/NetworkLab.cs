using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Demo.Processes;
using Fleet.Lab.Processes;
using Fleet.Lab.Rendering;
using Fleet.Lab.Topology;
using Fleet.Lab.Tun;
using Fleet.Lab.Wires;

namespace Fleet.Lab.Labs;

/// <summary>
/// A lab that is up: a network of namespaces, with processes in them that live until it is taken down. It has no state of its own; whoever opens it
/// by its name has the same lab. Disposing takes it down.
/// </summary>
internal sealed class NetworkLab : IAsyncDisposable
{
    private readonly LabFolder _folder;
    private readonly LabStarter _starter;
    private readonly LabPrograms _programs;

    private NetworkLab(LabTopology topology, LabFolder folder)
    {
        Topology = topology;
        Plan = new AddressPlan(topology);
        _folder = folder;
        Processes = new ProcessTable(folder.Processes);
        _starter = new LabStarter(folder, Processes);
        _programs = new LabPrograms(folder);
    }

    public LabTopology Topology { get; }

    public AddressPlan Plan { get; }

    /// <summary>Those that the lab has started, dead ones included.</summary>
    public ProcessTable Processes { get; }

    public LabFolder Folder => _folder;

    public string Name => Topology.Name;

    /// <summary>Builds it. What was made is gone again when that fails or is cancelled.</summary>
    /// <exception cref="LabException">It cannot be built; the message says why.</exception>
    public static async Task<NetworkLab> UpAsync(LabTopology topology, LabWishes wishes, CancellationToken cancellation)
    {
        if (LabHostCheck.Missing is { } missing)
            throw new LabException(missing);
        if (TopologyRules.Problems(topology) is { Count: > 0 } problems)
            throw new LabException($"This lab cannot be built:\n{string.Concat(problems.Select(problem => $"  {problem}\n"))}".TrimEnd());
        if (wishes.Agents && LabHostCheck.MissingForAgents is { } lacking)
            throw new LabException(lacking);
        var plan = LabPlan.Of(topology);
        var folder = new LabFolder(topology.Name);
        var taken = plan.Namespaces.FirstOrDefault(each => Path.Exists(Path.Combine(LabPrograms.NamespaceFolder, each.Name)));
        if (taken is not null && !Directory.Exists(folder.Path))
            throw new LabException($"There is a namespace {taken.Name} already, which no lab that is up has made: give the lab another --name.");
        Reserve(topology, folder);
        var lab = new NetworkLab(topology, folder);
        try
        {
            using (LabLock.Shared(folder))
                await lab.BuildAsync(plan, wishes, cancellation);
            return lab;
        }
        catch
        {
            await LabDown.RunAsync(topology.Name, CancellationToken.None);
            throw;
        }
    }

    /// <summary>One that is up.</summary>
    /// <exception cref="LabException">There is none of that name.</exception>
    public static NetworkLab Open(string name)
    {
        var folder = new LabFolder(name);
        if (TopologyRules.LabName(name).Any() || folder.ReadTopology() is not { } topology)
        {
            var others = LabFolder.Labs is { Count: > 0 } labs ? $" There is {string.Join(", ", labs)}." : "";
            throw new LabException($"There is no lab {name}: ./fleet lab up --name {name}.{others}");
        }

        return new NetworkLab(topology, folder);
    }

    /// <summary>The namespace of a host, or of a switch, the router or a site, that this lab has.</summary>
    /// <exception cref="LabException">It has none of that name.</exception>
    public string NamespaceOf(string place)
    {
        var name = Places.Namespace(Name, place);
        var all = LabPlan.Of(Topology).Namespaces;
        return all.Any(each => each.Name == name)
            ? name
            : throw new LabException($"Lab {Name} has no {place}; it has {string.Join(", ", all.Select(each => each.Name[(Name.Length + 1)..]))}.");
    }

    /// <summary>Starts a program on a host; it lives until it ends or the lab is taken down. Its output goes to the lab's folder.</summary>
    /// <param name="name">Of the process in this lab.</param>
    public LabProcess RunIn(string place, string name, string program, params IEnumerable<string> arguments)
    {
        _ = NamespaceOf(place);
        using var building = LabLock.Shared(_folder);
        return _starter.Start(name, place, program, arguments);
    }

    /// <summary>For a program that its caller starts, and ends, on a host.</summary>
    public ProcessStartInfo CommandIn(string place, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(LabHostCheck.Find("ip")!, ["netns", "exec", NamespaceOf(place), program, .. arguments])
        {
            UseShellExecute = false,
        };
        start.Environment["TMPDIR"] = _folder.Temporary;
        return start;
    }

    /// <summary>Everybody who lives on these hosts now, by host.</summary>
    public async Task<ILookup<string, ProcStat>> LivingAsync(IEnumerable<string> places, CancellationToken cancellation) =>
        Living(await LabPrograms.InodesAsync(places.Select(NamespaceOf), cancellation));

    /// <summary>One line of <c>ip</c> in the namespace of a place.</summary>
    public Task IpAsync(string place, string line, CancellationToken cancellation) => _programs.IpAsync(NamespaceOf(place), line, cancellation);

    /// <summary>Starts what the lab had started on these hosts and has ended since.</summary>
    public IReadOnlyList<string> Restart(IReadOnlyCollection<string> places)
    {
        using var building = LabLock.Shared(_folder);
        var ended = Processes.All.Where(process => places.Contains(process.Host) && !process.IsAlive).ToArray();
        foreach (var process in ended)
            _starter.Restart(process);
        return [.. ended.Select(process => process.Name)];
    }

    public WireRules ReadWire() => WireJson.Read(File.ReadAllText(_folder.WireRules));

    /// <summary>Changes what the wire does, and returns when it goes by it.</summary>
    public async Task<WireReport> SetWireAsync(WireRules rules, CancellationToken cancellation)
    {
        var written = _folder.WireRules + ".new";
        await File.WriteAllTextAsync(written, WireJson.Write(rules), cancellation);
        File.Move(written, _folder.WireRules, overwrite: true);
        return await WireRelay.AskAsync(_folder.WireSocket, WireRelay.Reload, cancellation);
    }

    /// <summary>How the wire is doing.</summary>
    public Task<WireReport> AskWireAsync(CancellationToken cancellation) => WireRelay.AskAsync(_folder.WireSocket, WireRelay.Report, cancellation);

    public HttpClient HttpFrom(string host, TimeSpan patience) => NamespaceSockets.Http(Name, host, patience);

    public async ValueTask DisposeAsync() => await LabDown.RunAsync(Name, CancellationToken.None);

    /// <summary>The name is this lab's from here on.</summary>
    private static void Reserve(LabTopology topology, LabFolder folder)
    {
        Directory.CreateDirectory(folder.Path);
        try
        {
            using var file = new FileStream(folder.Topology, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            file.Write(System.Text.Encoding.UTF8.GetBytes(TopologyJson.Write(topology)));
        }
        catch (IOException) when (File.Exists(folder.Topology))
        {
            throw new LabException($"Lab {topology.Name} is up, or was left behind: ./fleet lab status --name {topology.Name}, or down.");
        }

        File.WriteAllText(folder.Lock, "");
        Directory.CreateDirectory(folder.Temporary);
        if (!Directory.Exists(LabPrograms.NamespaceFolder))
            File.WriteAllText(LabFolder.MadeNetns, "");
    }

    private ILookup<string, ProcStat> Living(ImmutableDictionary<string, string> inodes) => NamespaceProcesses.In(inodes)
        .SelectMany(each => each.Select(process => (Host: each.Key[(Name.Length + 1)..], Process: process)))
        .ToLookup(each => each.Host, each => each.Process);

    private async Task BuildAsync(LabPlan plan, LabWishes wishes, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(_folder.WireRules, WireJson.Write(WireRules.Of(Topology)), cancellation);
        await _programs.AddNamespacesAsync(plan.Namespaces.Select(each => each.Name), cancellation);
        foreach (var stage in plan.Stages)
            await Task.WhenAll(stage.Select(script => _programs.RunAsync(script, cancellation)));
        var fleet = new LabFleet(Topology, _folder, _starter);
        await fleet.StartWireAsync(cancellation);
        await fleet.StartAsync(wishes, cancellation);
    }
}
