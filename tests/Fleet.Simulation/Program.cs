using System.CommandLine;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Playing;

var seeds = new Option<int?>("--seeds") { Description = $"How many worlds, each from a seed of its own; {SimRequest.UsualSeeds} without it." };
var from = new Option<int?>("--from") { Description = "The first seed; 1 without it." };
var seed = new Option<int?>("--seed") { Description = "Only this world." };
var plan = new Option<string?>("--plan") { Description = "The world of this file, as --shrink writes them.", HelpName = "file" };
var minutes = new Option<double?>("--minutes")
{
    Description = $"Simulated minutes of each world, healing included; {SimRequest.UsualMinutes} without it.",
};
var kinds = new Option<string?>("--faults")
{
    Description = $"Only these kinds of trouble, separated by commas: {string.Join(", ", FaultKinds.All.Keys)}.",
};
var nodes = new Option<int?>("--nodes") { Description = "Nodes of each world; by chance from 2 to 60 without it." };
var coordinators = new Option<int?>("--coordinators") { Description = "Coordinators of each world; three, two or, in most, one without it." };
var trace = new Option<bool>("--trace") { Description = "With --seed or --plan: tell the world's story, line by line." };
var shrink = new Option<bool>("--shrink") { Description = "With --seed or --plan that fails: find the smallest that breaks the same law." };
var shrinkMinutes = new Option<double?>("--shrink-minutes")
{
    Description = $"Minutes that --shrink may take; {SimRequest.UsualShrinkMinutes} without it.",
};
var record = new Option<string?>("--record")
{
    Description = "With --seed or --plan, after --shrink if that is asked for too: write it down as Stories/NAME.story.",
    HelpName = "name",
};
var root = new RootCommand(
    """
    fleet sim: plays worlds of the real programs on simulated clocks, schedulers, disks and networks, and checks them after every event.

    Examples:
      ./fleet sim --seeds 1000
      ./fleet sim --seeds 500 --faults cut,stop --nodes 3
      ./fleet sim --seed 17 --trace
      ./fleet sim --seed 17 --shrink --shrink-minutes 10
      ./fleet sim --plan artifacts/sim/seed-17.plan --trace
      ./fleet sim --plan artifacts/sim/seed-17.plan --record two-nodes-own-a-vip

    Exit code: 0 all is well (or the story is written), 1 some world is not (or cannot be told), 2 it makes no sense.
    """)
{
    seeds, from, seed, plan, minutes, kinds, nodes, coordinators, trace, shrink, shrinkMinutes, record,
};
root.SetAction(parsed => Run(new SimRequest
{
    Seeds = parsed.GetValue(seeds),
    From = parsed.GetValue(from),
    Seed = parsed.GetValue(seed),
    Plan = parsed.GetValue(plan),
    Minutes = parsed.GetValue(minutes),
    Faults = parsed.GetValue(kinds)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
    Nodes = parsed.GetValue(nodes),
    Coordinators = parsed.GetValue(coordinators),
    Trace = parsed.GetValue(trace),
    Shrink = parsed.GetValue(shrink),
    ShrinkMinutes = parsed.GetValue(shrinkMinutes),
    Record = parsed.GetValue(record),
}));
var words = root.Parse(args);
foreach (var error in words.Errors)
    Console.Error.WriteLine($"fleet sim: {error.Message.Split(" as expected type")[0].TrimEnd('.')}. See ./fleet sim --help.");
return words.Errors.Count > 0 ? 2 : words.Invoke();

static int Run(SimRequest request)
{
    if (request.Refusal() is { } refusal)
    {
        Console.Error.WriteLine($"fleet sim: {refusal}");
        return 2;
    }

    try
    {
        return request is { Plan: null, Trace: false, Shrink: false, Record: null }
            ? Many(request.Options, isWhole: !request.IsOne)
            : new OneWorld(request, Checkout(), Console.Out).Run();
    }
    catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"fleet sim: {(e is FormatException ? $"{request.Plan}: " : "")}{e.Message}");
        return 2;
    }
}

static int Many(SimOptions options, bool isWhole)
{
    var run = new SeedRun(options, Console.Out);
    run.Run();
    if (isWhole && options.Seeds >= 100 && run.Unstruck.Count > 0)
        Console.WriteLine($"These never struck, so the run says nothing of them: {string.Join(", ", run.Unstruck)}");
    var failed = run.Failures.Count == 0 ? "" : $": {string.Join(", ", run.Failures.Keys)}";
    Console.WriteLine($"{options.Seeds - run.Failures.Count} worlds are well, {run.Failures.Count} are not{failed}");
    return run.Failures.Count > 0 || (isWhole && options.Seeds >= 100 && run.Unstruck.Count > 0) ? 1 : 0;
}

// The folder above this program that holds the solution; where it was started, when there is none.
static string Checkout()
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
    {
        if (File.Exists(Path.Combine(folder.FullName, "Fleet.sln")))
            return folder.FullName;
    }

    return ".";
}
