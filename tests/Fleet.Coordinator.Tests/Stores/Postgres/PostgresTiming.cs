using System.Diagnostics;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Demo.Servers;

namespace Fleet.Coordinator.Tests.Stores.Postgres;

/// <summary>Not a test: how long the store takes on this host, for a person who asks (see Program.cs).</summary>
internal static class PostgresTiming
{
    public const string Mode = "time-postgres";
    public const string LeadMode = "lead-postgres";

    private const int Appends = 1000;
    private const int Rounds = 10;

    private static readonly CoordinatorAddress Who = new("timing", null, null);

    public static async Task<int> RunAsync()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.CreateDatabaseAsync("fleet");
        var connection = server.ConnectionString("fleet");
        await PostgresServers.MigrateAsync(connection);
        await AppendsAsync(connection);
        await DeposedAsync(connection);
        await KilledAsync(connection);
        return 0;
    }

    /// <summary>Leads until it is killed.</summary>
    public static async Task LeadAsync(string connection)
    {
        await using var store = PostgresServers.Open(connection);
        await store.CampaignAsync(Who, CancellationToken.None);
        Console.WriteLine("leads");
        await Task.Delay(Timeout.Infinite);
    }

    private static async Task AppendsAsync(string connection)
    {
        await using var store = PostgresServers.Open(connection);
        var term = (await store.CampaignAsync(Who, CancellationToken.None)).Term;
        var took = new List<double>();
        for (var revision = 1; revision <= Appends; revision++)
            took.Add(await TimeAsync(() => store.AppendAsync(Samples.Entry(revision, term), CancellationToken.None)));
        Say("append", took);
    }

    private static async Task DeposedAsync(string connection)
    {
        var took = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var first = PostgresServers.Open(connection);
            var term = (await first.CampaignAsync(Who, CancellationToken.None)).Term;
            await using var second = PostgresServers.Open(connection);
            var waiting = second.CampaignAsync(Who, CancellationToken.None);
            await Task.Delay(300);
            took.Add(await TimeAsync(async () =>
            {
                await second.DeposeAsync(term, CancellationToken.None);
                await waiting;
            }));
        }

        Say("campaign after DeposeAsync", took);
    }

    private static async Task KilledAsync(string connection)
    {
        var took = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            using var child = Process.Start(new ProcessStartInfo("dotnet")
            {
                ArgumentList = { "exec", typeof(PostgresTiming).Assembly.Location, LeadMode, connection },
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            await child.StandardOutput.ReadLineAsync();
            await using var second = PostgresServers.Open(connection);
            var waiting = second.CampaignAsync(Who, CancellationToken.None);
            await Task.Delay(300);
            took.Add(await TimeAsync(async () =>
            {
                child.Kill();
                await waiting;
            }));
            await child.WaitForExitAsync();
        }

        Say("campaign after kill -9, nobody deposing", took);
    }

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var since = Stopwatch.StartNew();
        await act();
        return since.Elapsed.TotalMilliseconds;
    }

    private static void Say(string what, List<double> took)
    {
        took.Sort();
        Console.WriteLine($"{what}: p50 {took[took.Count / 2]:f2} ms, p99 {took[took.Count * 99 / 100]:f2} ms, max {took[^1]:f2} ms of {took.Count}");
    }
}
