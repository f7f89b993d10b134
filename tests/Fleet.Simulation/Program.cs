using System.CommandLine;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Playing;

var seeds = new Option<int>("--seeds") { Description = "How many worlds, each from a seed of its own.", DefaultValueFactory = _ => 100 };
var from = new Option<int>("--from") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
var seed = new Option<int?>("--seed") { Description = "Only this world." };
var minutes = new Option<double>("--minutes") { Description = "Simulated minutes of each world, healing included.", DefaultValueFactory = _ => 2 };
var kinds = new Option<string?>("--faults") { Description = $"Only these kinds of trouble, separated by commas: {string.Join(", ", FaultKinds.All.Keys)}." };
var nodes = new Option<int?>("--nodes") { Description = "Nodes of each world; by chance from 2 to 60 without it." };
var trace = new Option<bool>("--trace") { Description = "With --seed: tell the world's story, line by line." };
var root = new RootCommand(
    """
    fleet sim: plays worlds of the real programs on simulated clocks, schedulers, disks and networks, and checks them after every event.

    Examples:
      ./fleet sim --seeds 1000
      ./fleet sim --seed 17 --trace
      ./fleet sim --seeds 500 --faults cut,stop --nodes 3
    """)
{
    seeds, from, seed, minutes, kinds, nodes, trace,
};
root.SetAction(parsed =>
{
    string[] chosen = parsed.GetValue(kinds)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    if (chosen.Where(k => !FaultKinds.All.ContainsKey(k)).ToArray() is { Length: > 0 } unknown)
    {
        Console.Error.WriteLine($"fleet sim: no such kind of trouble: {string.Join(", ", unknown)}. There are {string.Join(", ", FaultKinds.All.Keys)}.");
        return 2;
    }

    var options = new SimOptions(parsed.GetValue(seed) ?? parsed.GetValue(from), parsed.GetValue(seed) is null ? parsed.GetValue(seeds) : 1, parsed.GetValue(minutes), chosen, parsed.GetValue(nodes));
    if (options.Minutes < 1 || options.Seeds < 1)
    {
        Console.Error.WriteLine("fleet sim: at least one world of at least one minute.");
        return 2;
    }

    return parsed.GetValue(trace) ? Trace(options) : Many(options, isWhole: parsed.GetValue(seed) is null);
});
return root.Parse(args).Invoke();

static int Trace(SimOptions options)
{
    try
    {
        Play.Run(Swarm.Plan(options.From, options.Minutes, options.Faults, options.Nodes), Console.Out.WriteLine);
        return 0;
    }
    catch (CheckFailedException e)
    {
        Console.WriteLine($"Seed {options.From} fails: {e.Law}");
        return 1;
    }
}

static int Many(SimOptions options, bool isWhole)
{
    var run = new SeedRun(options, Console.Out);
    run.Run();
    if (isWhole && options.Seeds >= 100 && run.Unstruck.Count > 0)
        Console.WriteLine($"These never struck, so the run says nothing of them: {string.Join(", ", run.Unstruck)}");
    Console.WriteLine($"{options.Seeds - run.Failures.Count} worlds are well, {run.Failures.Count} are not: {string.Join(", ", run.Failures.Keys)}");
    return run.Failures.Count > 0 || (isWhole && options.Seeds >= 100 && run.Unstruck.Count > 0) ? 1 : 0;
}
