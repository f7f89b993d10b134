using System.CommandLine;
using Fleet.Benchmarks.Placement;

var quick = new Option<bool>("--quick") { Description = "A few hundred instances and no fleet of 1,000 nodes: two or three minutes." };
var instances = new Option<int?>("--instances") { Description = "How many instances to plan; 10,000, or 400 with --quick." };
var seed = new Option<int>("--seed") { Description = "The first instance's seed; the others follow." };
var scale = new Option<bool>("--scale") { Description = "Only the timed runs: 100 nodes with 2,000 VIPs and 1,000 nodes with 50,000." };
var exact = new Option<bool>("--exact") { Description = "Only the comparison with the optimum on small instances; needs cbc (./fleet setup)." };
var json = new Option<bool>("--json") { Description = "Print the figures as one JSON object on standard output, and the tables on standard error." };
var placement = new Command(
    "placement", "The planner on generated instances: time, moves, utilisation and violations, beside bounds, hashing and the optimum.")
{
    quick, instances, seed, scale, exact, json,
};
placement.SetAction(parsed => new PlacementBench(new PlacementOptions(
    parsed.GetValue(quick),
    parsed.GetValue(instances) ?? (parsed.GetValue(quick) ? 400 : 10_000),
    parsed.GetValue(seed),
    parsed.GetValue(scale),
    parsed.GetValue(exact),
    parsed.GetValue(json))).Run());
return await new RootCommand("Benchmarks of Fleet.") { placement }.Parse(args).InvokeAsync();
