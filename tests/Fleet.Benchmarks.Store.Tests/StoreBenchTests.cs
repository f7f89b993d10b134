using System.Text.Json;
using Fleet.Demo.Processes;
using Fleet.Demo.Servers;

namespace Fleet.Benchmarks.Store.Tests;

/// <summary>The bench with a small fleet and real servers: every part comes to its figures. How good those are is not asked here.</summary>
public sealed class StoreBenchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-store-test-").FullName;

    [ServersFact]
    public async Task Every_part_gives_its_figures()
    {
        using var json = await RunAsync("--quick", "--json", "--nodes", "20", "--vips", "200");
        var parts = json.RootElement.EnumerateArray().ToDictionary(
            part => part.GetProperty("Name").GetString()!,
            part => part.GetProperty("Figures").EnumerateArray().ToArray());
        parts.Keys.ShouldBe(["Append", "Projection", "Follower", "Restart"]);
        foreach (var (part, figures) in parts)
        {
            var judged = figures.Where(figure => figure.GetProperty("Limit").ValueKind == JsonValueKind.Number).ToArray();
            judged.ShouldNotBeEmpty($"{part} judges something");
            foreach (var figure in judged)
                figure.GetProperty("Value").GetDouble().ShouldBeGreaterThan(0, $"{part}: {figure}");
        }
    }

    [ServersFact]
    public async Task Part_that_was_not_asked_for_does_not_run()
    {
        using var json = await RunAsync("--quick", "--json", "--nodes", "8", "--vips", "8", "--parts", "Follower", "--no-postgres");
        json.RootElement.EnumerateArray().ShouldHaveSingleItem().GetProperty("Name").GetString().ShouldBe("Follower");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<JsonDocument> RunAsync(params string[] arguments)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Fleet.Benchmarks.Store", here.Name, "fleet-store-bench");
        var log = Path.Combine(_folder, "said.txt");
        await using (var bench = ChildProcess.Start("bench", program, arguments, log))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
            await bench.WaitAsync(patience.Token);
        }

        var said = await File.ReadAllTextAsync(log);
        return JsonDocument.Parse(said.Split('\n').LastOrDefault(line => line.StartsWith('[')) ?? throw new InvalidOperationException(said));
    }

    /// <summary>Skipped, and said so, where one of the servers is not installed.</summary>
    private sealed class ServersFactAttribute : FactAttribute
    {
        public ServersFactAttribute()
        {
            if (EtcdCluster.Program is null || !PostgresServer.IsInstalled)
                Skip = "etcd or PostgreSQL not found; './fleet setup' installs them.";
        }
    }
}
