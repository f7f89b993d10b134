using System.Text.Json;
using Fleet.Demo.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary>The demo as a person starts it: it says where everything is, pbm works in it, and nothing is left behind.</summary>
[Trait(Beside.Trait, Beside.Others)]
public sealed class DemoTests
{
    [Fact]
    public async Task Demo_writes_its_endpoints_and_leaves_no_process_behind_when_it_is_told_to_stop()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"fleet-demo-{Guid.NewGuid():N}");
        var endpoints = Path.Combine(folder, "endpoints.json");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        await using var demo = ChildProcess.Start("demo", Programs.Demo, ["--folder", folder, "--nodes", "3"], $"{folder}.log");
        while (!File.Exists(endpoints))
            await Task.Delay(100, patience.Token);
        await Task.Delay(200, patience.Token);

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(endpoints, patience.Token));
        json.RootElement.GetProperty("dns").GetArrayLength().ShouldBe(3);
        json.RootElement.GetProperty("services")[0].GetProperty("vips").GetArrayLength().ShouldBe(20);
        var pids = json.RootElement.GetProperty("nodes").EnumerateArray().Concat(json.RootElement.GetProperty("coordinators").EnumerateArray())
            .Select(p => p.GetProperty("pid").GetInt32()).ToArray();
        pids.Length.ShouldBe(4);
        pids.ShouldAllBe(pid => Lives(pid));

        var log = Path.Combine(folder, "pbm.log");
        await using (var pbm = ChildProcess.Start("pbm", Path.Combine(folder, "bin", "pbm"), ["cluster", "show"], log))
        {
            await pbm.WaitAsync(patience.Token);
            pbm.ExitCode.ShouldBe(0, await File.ReadAllTextAsync(log, patience.Token));
        }

        var relays = Directory.EnumerateFiles(folder, "relay.sock", SearchOption.AllDirectories).Count();
        relays.ShouldBe(3);
        demo.Send(Signal.Term);
        await demo.WaitAsync(patience.Token);
        pids.ShouldAllBe(pid => !Lives(pid));
        while (Mentioning(folder).Length > 0)
            await Task.Delay(100, patience.Token);
        Directory.Delete(folder, recursive: true);
        File.Delete($"{folder}.log");
    }

    private static bool Lives(int pid) => Directory.Exists($"/proc/{pid}");

    /// <summary>Processes whose command line names the demo's folder: nothing else could have been started by it.</summary>
    private static int[] Mentioning(string folder) =>
    [
        .. from path in Directory.EnumerateDirectories("/proc")
           let name = Path.GetFileName(path)
           where name.All(char.IsAsciiDigit)
           where CommandLine(path).Contains(folder, StringComparison.Ordinal)
           select int.Parse(name),
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
