using System.CommandLine;
using Fleet.Benchmarks.Faults;
using Fleet.Benchmarks.Faults.Faults;
using Fleet.Demo.Servers;

const int Interrupted = 130;
var seed = new Option<int?>("--seed") { Description = "Draws the faults; the same seed draws the same. By chance." };
var faults = new Option<int?>("--faults") { Description = "How many; 500, or 40 with --quick." };
var minutes = new Option<double?>("--minutes") { Description = "In which time; 14, or 1.2 with --quick." };
var coordinators = new Option<int>("--coordinators") { Description = "How many, 1 to 7.", DefaultValueFactory = _ => 3 };
var victims = new Option<VictimKind[]>("--victims")
{
    Description = $"Whom they meet, of {string.Join(", ", Enum.GetNames<VictimKind>())}; all.",
    AllowMultipleArgumentsPerToken = true,
};
var noPostgres = new Option<bool>("--no-postgres") { Description = "Without a projection, as where PostgreSQL is not installed." };
var quick = new Option<bool>("--quick") { Description = "40 faults in a minute and a bit." };
var folder = new Option<string?>("--folder") { Description = "Where logs go; a new folder among the temporary ones." };
var keep = new Option<bool>("--keep") { Description = "Keep that folder although nothing failed." };
faults.Validators.Add(result => Positive(result.GetValueOrDefault<int?>(), result));
minutes.Validators.Add(result => Positive(result.GetValueOrDefault<double?>(), result));
coordinators.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 1 or > 7)
        result.AddError("--coordinators must be between 1 and 7.");
});
var root = new RootCommand("""
    Several coordinators on a real etcd of three members, with a projection to PostgreSQL, while any of them is killed and stopped at random moments.
    Operators change and read the same few services; all that they ask and are told is held against what one fleet can have said that loses
    nothing. Nodes listen at every coordinator whether two acknowledge at one time.

    The last line is one JSON object. Exit code 0: linearizable, never two leaders, nothing crashed, the projection has every revision once.

    Examples:
      ./fleet bench faults --quick
      ./fleet bench faults --seed 7 --faults 500 --minutes 14
      ./fleet bench faults --victims Leader RaftLeader --faults 50 --minutes 2
    """) { seed, faults, minutes, coordinators, victims, noPostgres, quick, folder, keep };
root.SetAction(RunAsync);
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
{
    if (EtcdCluster.Program is null)
    {
        await Console.Error.WriteLineAsync("etcd is not installed: ./fleet setup does.");
        return 1;
    }

    var isQuick = parsed.GetValue(quick);
    var given = parsed.GetValue(folder);
    var place = (given is null ? Directory.CreateTempSubdirectory("fleet-faults-") : Directory.CreateDirectory(given)).FullName;
    var options = new FaultsOptions(
        parsed.GetValue(seed) ?? Random.Shared.Next(1_000_000),
        parsed.GetValue(faults) ?? (isQuick ? 40 : 500),
        TimeSpan.FromMinutes(parsed.GetValue(minutes) ?? (isQuick ? 1.2 : 14)),
        parsed.GetValue(coordinators),
        parsed.GetValue(victims) is { Length: > 0 } some ? some : Enum.GetValues<VictimKind>(),
        !parsed.GetValue(noPostgres),
        place);
    await Console.Error.WriteLineAsync($"Seed {options.Seed}, {options.Count} faults in {options.Lasts.TotalMinutes:0.##} minutes; logs in {place}");
    try
    {
        var report = await new FaultsRun(options, Console.Error).RunAsync(cancellation);
        foreach (var failure in report.Failures)
            await Console.Error.WriteLineAsync($"Failed: {failure}.");
        await Console.Out.WriteLineAsync(report.ToJson());
        if (report.Failures.IsEmpty && !parsed.GetValue(keep))
            Directory.Delete(place, recursive: true);
        else
            await Console.Error.WriteLineAsync($"What happened is in {Path.Combine(place, "faults.txt")}, what the coordinators said beside it.");
        return report.Failures.IsEmpty ? 0 : 1;
    }
    catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
    {
        return Interrupted;
    }
}

static void Positive(double? value, System.CommandLine.Parsing.OptionResult result)
{
    if (value <= 0)
        result.AddError($"{result.Option.Name} must be above 0.");
}
