using System.Text.Json;
using Fleet.Demo.Processes;

namespace Fleet.Benchmarks.Storm.Tests;

/// <summary>A short storm, as <c>./fleet bench storm</c> runs it: it ends with its figures and leaves nothing behind.</summary>
public sealed class StormTests : IDisposable
{
    /// <summary>A kill in calm is judged by the clock: other tests may have the cores. <c>LostNodeTests</c> has them for itself.</summary>
    private const string Faults = "agent,relay,host,coordinator,stop,delay,cut,flap,loss,member,command";

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-storm-test-").FullName;

    [Fact]
    public async Task Short_storm_finds_nothing_and_says_so_in_one_line()
    {
        var (code, log) = await RunAsync(null, "--seed", "7", "--minutes", "0.4", "--nodes", "3", "--faults", Faults);
        code.ShouldBe(0, $"{log}\n{Story()}");
        using var json = JsonDocument.Parse(log.Split('\n').Last(line => line.StartsWith('{')));
        var report = json.RootElement;
        report.EnumerateObject().Select(figure => figure.Name)
            .ShouldBe(["faults", "dual-owner", "lost-commands", "crashes", "worst-outage-ms", "healed-ms-max", "rss-growth"]);
        report.GetProperty("faults").GetInt32().ShouldBeGreaterThan(0, "a busy machine gets round to few");
        foreach (var figure in new[] { "dual-owner", "lost-commands", "crashes" })
            report.GetProperty(figure).GetInt32().ShouldBe(0);
        report.GetProperty("healed-ms-max").GetDouble().ShouldBeLessThanOrEqualTo(5000);
        Left().ShouldBeEmpty();
    }

    [Fact]
    public async Task Storm_that_is_told_to_end_stops_what_it_started()
    {
        var (code, _) = await RunAsync(TimeSpan.FromSeconds(12), "--seed", "3", "--nodes", "3", "--faults", "stop,cut");
        code.ShouldBe(130);
        Left().ShouldBeEmpty();
    }

    [Fact]
    public async Task Unknown_fault_is_refused()
    {
        var (code, log) = await RunAsync(null, "--faults", "gremlins");
        code.ShouldBe(1);
        log.ShouldContain("gremlins");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int Code, string Log)> RunAsync(TimeSpan? until, params string[] arguments)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Fleet.Benchmarks.Storm", here.Name, "fleet-storm");
        var log = Path.Combine(_folder, "said.txt");
        int code;
        await using (var storm = ChildProcess.Start("storm", program, [.. arguments, "--keep", "--folder", Path.Combine(_folder, "storm")], log))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            if (until is { } moment)
            {
                await Task.Delay(moment, patience.Token);
                storm.Send(Signal.Term);
            }

            await storm.WaitAsync(patience.Token);
            code = storm.ExitCode;
        }

        return (code, await File.ReadAllTextAsync(log));
    }

    private string Story() => Path.Combine(_folder, "storm", "faults.txt") is var path && File.Exists(path) ? File.ReadAllText(path) : "";

    /// <summary>Processes whose arguments name the storm's folder: nobody else has started them.</summary>
    private string[] Left() =>
    [
        .. from path in Directory.EnumerateDirectories("/proc")
           where Path.GetFileName(path).All(char.IsAsciiDigit)
           let words = CommandLine(path)
           where words.Contains(_folder, StringComparison.Ordinal)
           select words.Replace('\0', ' '),
    ];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
