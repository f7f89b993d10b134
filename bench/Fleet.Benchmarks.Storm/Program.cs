using System.CommandLine;
using Fleet.Benchmarks.Storm;
using Fleet.Benchmarks.Storm.Faults;

const int Interrupted = 130;
var all = Enum.GetValues<FaultKind>();
var seed = new Option<int?>("--seed") { Description = "Draws the faults; the same seed draws the same. By chance." };
var minutes = new Option<double?>("--minutes") { Description = "How long, from when the fleet has formed; 5, or 1 with --quick." };
var nodes = new Option<int?>("--nodes") { Description = "How many nodes, 3 to 20; 5, or 4 with --quick." };
var faults = new Option<FaultKind[]>("--faults")
{
    Description = $"Which kinds, of {string.Join(", ", all.Select(kind => kind.ToString().ToLowerInvariant()))}; all.",
    CustomParser = result =>
        [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(word => Kind(word, result))],
    AllowMultipleArgumentsPerToken = true,
};
var quick = new Option<bool>("--quick") { Description = "One minute, four nodes." };
var folder = new Option<string?>("--folder") { Description = "Where data and logs go; a new folder among the temporary ones." };
var keep = new Option<bool>("--keep") { Description = "Keep that folder although nothing failed." };
nodes.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int?>() is < 3 or > 20)
        result.AddError("--nodes must be between 3 and 20.");
});
minutes.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double?>() is <= 0)
        result.AddError("--minutes must be above 0.");
});
var root = new RootCommand("""
    A fleet of real processes on this host, and whatever can happen to it, drawn from a seed: processes killed and stopped, lines that are long,
    cut or lossy, nodes that join and leave, operators at work. After each episode the fleet must heal within 5 s. Clients at every VIP tell who
    answered.

    The last line is one JSON object. Exit code 0: never two owners, no acknowledged command lost, no process ended by itself, all healed in time,
    a host that was killed in calm replaced within 600 ms, no growth above a tenth.

    Examples:
      ./fleet bench storm --quick
      ./fleet bench storm --seed 7 --minutes 5
      ./fleet bench storm --faults stop,cut --minutes 2
    """) { seed, minutes, nodes, faults, quick, folder, keep };
root.SetAction(RunAsync);
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
{
    var isQuick = parsed.GetValue(quick);
    var place = (parsed.GetValue(folder) is { } given ? Directory.CreateDirectory(given) : Directory.CreateTempSubdirectory("fleet-storm-")).FullName;
    var options = new StormOptions(
        parsed.GetValue(seed) ?? Random.Shared.Next(1_000_000),
        TimeSpan.FromMinutes(parsed.GetValue(minutes) ?? (isQuick ? 1 : 5)),
        parsed.GetValue(nodes) ?? (isQuick ? 4 : 5),
        parsed.GetValue(faults) is { Length: > 0 } some ? [.. some.Distinct()] : [.. all],
        place,
        parsed.GetValue(keep));
    await Console.Error.WriteLineAsync(
        $"Seed {options.Seed}, {options.Nodes} nodes, {options.Lasts.TotalMinutes:0.##} minutes; faults and logs in {place}");
    try
    {
        var report = await new StormRun(options, Console.Error).RunAsync(cancellation);
        foreach (var failure in report.Failures)
            await Console.Error.WriteLineAsync($"Failed: {failure}.");
        await Console.Out.WriteLineAsync(report.ToJson());
        if (report.Failures.IsEmpty && !options.Keep)
            Directory.Delete(place, recursive: true);
        else
            await Console.Error.WriteLineAsync($"What happened is in {Path.Combine(place, "faults.txt")}, what the processes said beside it.");
        return report.Failures.IsEmpty ? 0 : 1;
    }
    catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
    {
        return Interrupted;
    }
}

static FaultKind Kind(string word, System.CommandLine.Parsing.ArgumentResult result)
{
    if (Enum.TryParse<FaultKind>(word, ignoreCase: true, out var kind) && Enum.IsDefined(kind))
        return kind;
    result.AddError($"There is no fault '{word}'.");
    return FaultKind.Calm;
}
