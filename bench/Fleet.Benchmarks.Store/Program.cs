using System.CommandLine;
using Fleet.Benchmarks.Store;
using Fleet.Demo.Servers;

const int Interrupted = 130;
var seed = new Option<int>("--seed") { Description = "Draws which nodes are lost.", DefaultValueFactory = _ => 1 };
var nodes = new Option<int?>("--nodes") { Description = "1,000, or 50 with --quick; 8 at least." };
var vips = new Option<int?>("--vips") { Description = "20,000, or 500 with --quick; one for each node at least." };
var repeats = new Option<int?>("--repeats") { Description = "Of takeovers and restarts: 9, or 1 with --quick." };
var parts = new Option<StorePart[]>("--parts")
{
    Description = $"What to measure, of {string.Join(", ", Enum.GetNames<StorePart>())}; all.",
    AllowMultipleArgumentsPerToken = true,
};
var noPostgres = new Option<bool>("--no-postgres") { Description = "etcd alone, as where PostgreSQL is not installed." };
var quick = new Option<bool>("--quick") { Description = "A small fleet and few repetitions: whether it runs, not how fast it is." };
var json = new Option<bool>("--json") { Description = "The figures as JSON, in one line on standard output, and as text on standard error." };
var keep = new Option<bool>("--keep") { Description = "Keep the coordinators' logs." };
var root = new RootCommand("""
    How long the fleet's history takes: appends and snapshots in a real etcd of three members and in PostgreSQL, the read model behind them, the
    takeover by a follower, and the start of a coordinator with much to read. What is promised is judged; exit code 0: all of it is kept.

    Every figure depends on what else the machine does: the load average stands beside it.

    Examples:
      ./fleet bench store
      ./fleet bench store --quick
      ./fleet bench store --parts Follower Restart --repeats 20
      ./fleet bench store --json > figures.json
    """) { seed, nodes, vips, repeats, parts, noPostgres, quick, json, keep };
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
    var place = Directory.CreateTempSubdirectory("fleet-store-");
    var options = new StoreOptions(
        parsed.GetValue(seed),
        Math.Max(8, parsed.GetValue(nodes) ?? (isQuick ? 50 : 1000)),
        parsed.GetValue(vips) ?? (isQuick ? 500 : 20_000),
        isQuick ? 40 : 4000,
        isQuick ? 2 : 30,
        isQuick ? 300 : 10_000,
        Math.Max(1, parsed.GetValue(repeats) ?? (isQuick ? 1 : 9)),
        parsed.GetValue(parts) is { Length: > 0 } some ? some : Enum.GetValues<StorePart>(),
        !parsed.GetValue(noPostgres) && PostgresServer.IsInstalled,
        parsed.GetValue(json),
        place.FullName);
    try
    {
        var code = await new StoreBench(options).RunAsync(cancellation);
        if (!parsed.GetValue(keep))
            place.Delete(recursive: true);
        return code;
    }
    catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
    {
        return Interrupted;
    }
}
