using System.CommandLine;
using System.Net;
using Fleet.Demo.Backends;
using Fleet.Demo.Fleets;
using Fleet.Demo.Processes;
using Fleet.Demo.Scenario;
using Fleet.Demo.Servers;

var once = new Option<bool>("--once") { Description = "Run the scripted demo: traffic, kill -9 of a node, a new node joins; then stop." };
var json = new Option<bool>("--json") { Description = "With --once: print the figures as one JSON object on standard output." };
var nodes = new Option<int>("--nodes") { Description = "How many nodes to start.", DefaultValueFactory = _ => 4 };
var vips = new Option<int?>("--vips")
{
    Description = "How many VIPs the service has; 20, or 8 with --once, where each is probed 200 times a second.",
};
var twoSites = new Option<bool>("--two-sites")
{
    Description = "Two datacenters: clients are answered from their own; cut one off and see its clients go to the other, and back.",
};
var coordinators = new Option<int>("--coordinators")
{
    Description = "How many coordinators, of which one leads; several need --store etcd or postgres. With --once the leader is killed as well.",
    DefaultValueFactory = _ => 1,
};
var store = new Option<DemoStore>("--store")
{
    Description = "Where the history is kept: file, a real etcd of three members, or a real PostgreSQL, started for this demo.",
    DefaultValueFactory = _ => DemoStore.File,
};
var postgres = new Option<bool>("--postgres") { Description = "The leader keeps the read model in a real PostgreSQL, started for this demo." };
var kill = new Option<Victim>("--kill") { Description = "With --once: what to kill.", DefaultValueFactory = _ => Victim.Node };
var folder = new Option<string>("--folder")
{
    Description = "Where data, logs and endpoints.json go.",
    DefaultValueFactory = _ => Path.Combine(Programs.Root, "artifacts", "demo"),
};
nodes.Validators.Add(result => Between(result, 2, FleetNetwork.NodesMax));
vips.Validators.Add(result => Between(result, 1, FleetNetwork.VipsMax));
var root = new RootCommand(
    """
    A whole fleet on this host: backends, coordinators, nodes with relays, DNS and the dashboard. No root; packages (./fleet setup) only for --store
    and --postgres.

    Examples:
      ./fleet demo
      ./fleet demo --once --json
      ./fleet demo --once --kill agent
      ./fleet demo --coordinators 3 --store etcd --postgres
      ./fleet demo --coordinators 3 --store etcd --once --json
      ./fleet demo --two-sites
      ./fleet demo --two-sites --once --json
    """)
{
    once, json, nodes, vips, coordinators, store, postgres, twoSites, kill, folder,
};
coordinators.Validators.Add(result => Between(result, 1, FleetNetwork.CoordinatorsMax));
root.Validators.Add(result =>
{
    if (result.GetValue(coordinators) > 1 && result.GetValue(store) == DemoStore.File)
        result.AddError("Several coordinators need a store that they share: add --store etcd, or --store postgres.");
});
root.SetAction((parsed, cancellation) => DemoAsync(parsed, cancellation));

var name = new Option<string>("--name") { Required = true };
var listen = new Option<string>("--listen") { Required = true };
var backend = new Command("backend", "One of the demo's real servers.") { name, listen };
backend.SetAction((parsed, cancellation) => Backend.RunAsync(parsed.GetValue(name)!, IPEndPoint.Parse(parsed.GetValue(listen)!), cancellation));
root.Subcommands.Add(backend);
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });

async Task<int> DemoAsync(ParseResult parsed, CancellationToken cancellation)
{
    var place = parsed.GetValue(folder)!;
    if (Directory.Exists(place))
        Directory.Delete(place, recursive: true);
    Directory.CreateDirectory(place);
    var scripted = parsed.GetValue(once);
    await using var fleet = new FleetProcesses(
        new FleetPlan(
            place,
            parsed.GetValue(nodes),
            parsed.GetValue(vips) ?? (scripted ? FleetPlan.ProbedVips : 20),
            TwoSites: parsed.GetValue(twoSites),
            Coordinators: parsed.GetValue(coordinators),
            Store: parsed.GetValue(store),
            WithProjection: parsed.GetValue(postgres)));
    try
    {
        if (!scripted)
        {
            await new InteractiveRun(fleet, place, parsed.GetValue(twoSites), Console.Out).RunAsync(cancellation);
            return 0;
        }

        if (parsed.GetValue(twoSites))
        {
            var sites = await new SitesRun(fleet, Console.Error).RunAsync(cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? sites.ToJson() : sites.ToString());
            return await JudgeAsync(sites.Shortcomings);
        }

        var report = await new OnceRun(
            fleet, parsed.GetValue(kill), Console.Error, Path.Combine(place, "logs", "failed-requests.log")).RunAsync(cancellation);
        await Console.Out.WriteLineAsync(parsed.GetValue(json) ? report.ToJson() : report.ToString());
        return await JudgeAsync(report.Shortcomings);
    }
    catch (FileNotFoundException e)
    {
        await Console.Error.WriteLineAsync(e.Message);
        return 1;
    }
    catch (TimeoutException e)
    {
        await Console.Error.WriteLineAsync($"{fleet.Casualty ?? e.Message} The logs are in {Path.Combine(place, "logs")}.");
        return 1;
    }
    catch (OperationCanceledException)
    {
        return 130;
    }
}

static async Task<int> JudgeAsync(IReadOnlyList<string> shortcomings)
{
    foreach (var shortcoming in shortcomings)
        await Console.Error.WriteLineAsync($"Not healed as promised: {shortcoming}.");
    return shortcomings.Count == 0 ? 0 : 1;
}

static void Between(System.CommandLine.Parsing.OptionResult result, int least, int most)
{
    if (result.GetValueOrDefault<int?>() is { } value && (value < least || value > most))
        result.AddError($"{result.Option.Name} must be between {least} and {most}.");
}
