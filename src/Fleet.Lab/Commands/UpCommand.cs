using System.CommandLine;
using System.Text.Json;
using Fleet.Lab.Labs;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Commands;

/// <summary><c>lab up</c> and <c>lab down</c>.</summary>
internal static class UpCommand
{
    private static readonly TimeSpan ServedMax = TimeSpan.FromSeconds(10);

    public static Command Up()
    {
        var topology = new Argument<string>("topology")
        {
            Description = $"An example, or a file. {string.Join("; ", Examples.Names.Select(name => $"{name}: {Examples.Describe(name)}"))}.",
            DefaultValueFactory = _ => Examples.OneSite,
        };
        Option<int> coordinators = Count("--coordinators", 3), nodes = Count("--nodes", 4);
        Option<int> clients = Count("--clients", 2), backends = Count("--backends", 3);
        var vips = new Option<int?>("--vips") { Description = "IPv4 VIPs of each site; 20." };
        var cap = new Option<int?>("--cap-mbit") { Description = "Caps the service link of each node." };
        var noAgents = new Option<bool>("--no-agents") { Description = "Backends and coordinators only: nobody serves the VIPs." };
        var networkOnly = new Option<bool>("--network-only") { Description = "No backends, coordinators or agents." };
        var command = new Command("up", "Build a lab and start its programs.")
        {
            topology, LabOptions.Name, coordinators, nodes, clients, backends, vips, cap, noAgents, networkOnly,
        };
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(async () =>
        {
            var since = TimeProvider.System.GetTimestamp();
            var size = new ExampleSize(
                parsed.GetValue(coordinators), parsed.GetValue(nodes), parsed.GetValue(clients), parsed.GetValue(backends));
            var wanted = Read(parsed.GetValue(topology)!, parsed.GetValue(LabOptions.Name)!, size);
            wanted = wanted with { VipsPerSite = parsed.GetValue(vips) ?? wanted.VipsPerSite };
            if (parsed.GetValue(cap) is { } megabits)
                wanted = wanted with
                {
                    Hosts = [.. wanted.Hosts.Select(host => host.Kind == HostKind.Node ? host with { CapMbit = megabits } : host)],
                };
            var wishes = parsed.GetValue(networkOnly) ? LabWishes.NetworkOnly : new LabWishes(Agents: !parsed.GetValue(noAgents));
            var lab = await NetworkLab.UpAsync(wanted, wishes, cancellation);
            var served = wishes.Agents && LabApi.CanServe(lab.Topology) ? await ServedAsync(lab, cancellation) : "";
            var took = TimeProvider.System.GetElapsedTime(since);
            await Console.Out.WriteLineAsync($"Lab {lab.Name} is up after {took.TotalSeconds:0.0} s: {lab.Topology.Hosts.Length} hosts, "
                + $"{lab.Processes.All.Count} programs{served}. ./fleet lab status, shell HOST, fail KIND HOST, traffic, down.");
            return 0;
        }));
        return command;
    }

    /// <summary>A fleet that does not come to serve is up all the same: that may be what somebody wants to look at.</summary>
    private static async Task<string> ServedAsync(NetworkLab lab, CancellationToken cancellation)
    {
        try
        {
            return $", {await LabApi.ServedAsync(lab, ServedMax, cancellation)} VIPs served";
        }
        catch (TimeoutException)
        {
            return $". NOT all VIPs are served after {ServedMax.TotalSeconds:0} s: ./fleet lab pbm --name {lab.Name} -- vip list says why";
        }
    }

    public static Command Down()
    {
        var command = new Command("down", "Take a lab down, also one whose builder was killed; nothing of it is left.") { LabOptions.Name };
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(async () =>
        {
            if (LabHostCheck.Missing is { } missing)
                throw new LabException(missing);
            var name = parsed.GetValue(LabOptions.Name)!;
            var (namespaces, wasThere) = await LabDown.RunAsync(name, cancellation);
            await Console.Out.WriteLineAsync(wasThere ? $"Lab {name} is down: {namespaces} namespaces are gone." : $"There is no lab {name}.");
            return 0;
        }));
        return command;
    }

    /// <exception cref="LabException">It is neither an example nor a file that can be read.</exception>
    internal static LabTopology Read(string topology, string lab, ExampleSize size)
    {
        if (Examples.Find(topology, lab, size) is { } example)
            return example;
        if (!File.Exists(topology))
            throw new LabException($"'{topology}' is neither an example ({string.Join(", ", Examples.Names)}) nor a file.");
        try
        {
            return TopologyJson.Read(File.ReadAllText(topology)) with { Name = lab };
        }
        catch (JsonException e)
        {
            throw new LabException($"{topology}: {e.Message}");
        }
    }

    private static Option<int> Count(string name, int count) =>
        new(name) { Description = $"How many, in an example; {count}.", DefaultValueFactory = _ => count };
}
