using Fleet.Benchmarks.Dns.Servers;
using Fleet.Benchmarks.Report;

namespace Fleet.Node.Tests.Bench;

public sealed class ModuleFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fleet-modules").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>
    /// Two links to the top, in each of the folders below: a search that follows them looks at 2^40 folders before a path is too long.
    /// </summary>
    [Fact]
    public void Links_in_a_circle_end_no_search()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "x86_64-linux-gnu", "llvm")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(folder, "build"), _root);
        Directory.CreateSymbolicLink(Path.Combine(folder, "include"), _root);
        var module = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "x86_64-linux-gnu", "knot", "modules-3.2")).FullName, "geoip.so");
        File.WriteAllText(module, "");
        ModuleFile.Find("absent.so", "knot", _root).ShouldBeNull();
        ModuleFile.Find("geoip.so", "knot", _root).ShouldBe(module);
        ModuleFile.Find("geoip.so", "pdns", _root).ShouldBeNull("it is another's");
    }

    [Fact]
    public void Module_that_is_a_link_to_a_file_counts_and_what_lies_too_deep_does_not()
    {
        var knot = Directory.CreateDirectory(Path.Combine(_root, "knot")).FullName;
        var deep = Directory.CreateDirectory(Path.Combine(knot, "1", "2", "3", "4", "5")).FullName;
        File.WriteAllText(Path.Combine(deep, "geoip.so"), "");
        ModuleFile.Find("geoip.so", "knot", _root).ShouldBeNull();
        File.CreateSymbolicLink(Path.Combine(knot, "geoip.so"), Path.Combine(deep, "geoip.so"));
        ModuleFile.Find("geoip.so", "knot", _root).ShouldBe(Path.Combine(knot, "geoip.so"));
    }

    [Fact]
    public async Task Long_work_is_said_at_once_and_again_while_it_goes_on()
    {
        var output = new StringWriter();
        using (var pulse = new Pulse("the planner", output, TimeSpan.FromMilliseconds(20)))
        {
            output.ToString().ShouldBe($"the planner ...{Environment.NewLine}");
            await Task.Delay(500);
            pulse.Next("the proof");
        }

        output.ToString().ShouldContain($"the planner: 0 s so far{Environment.NewLine}");
        output.ToString().ShouldContain($"the proof ...{Environment.NewLine}");
    }
}
