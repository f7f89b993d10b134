using Fleet.Cli.Messages;
namespace Fleet.Cli.Tests;

/// <summary><c>config render</c>: needs no fleet.</summary>
public sealed class ConfigRenderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pbm-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task File_is_resolved_with_includes_environment_and_overrides()
    {
        File.WriteAllText(Path.Combine(_folder, "base.conf"), "a { b = 1, c = ${WHERE} }");
        var file = Write("include \"base\"\na.d = [1, two]\na.e = ${a.b}");
        var run = await PbmRun.RunAsync(["config", "render", file, "--set", "a.b=7", "--set", "a.at=127.0.0.1:7400"], new() { ["WHERE"] = "ams" });
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal)
            .ShouldBe("""{"a":{"b":7,"c":"ams","d":[1,"two"],"e":7,"at":"127.0.0.1:7400"}}""");
    }

    [Fact]
    public async Task Every_mistake_is_located_and_the_exit_code_is_2()
    {
        var file = Write("a = ${nowhere}\nb = 1\nc = ${nowhere.else}");
        var run = await PbmRun.RunAsync(["config", "render", file], []);
        run.Code.ShouldBe(ExitCode.Usage);
        run.Out.ShouldBe("");
        run.Error.ShouldContain($"{file}:1:");
        run.Error.ShouldContain($"{file}:3:");
    }

    [Fact]
    public async Task Missing_file_is_exit_code_2()
    {
        var run = await PbmRun.RunAsync(["config", "render", Path.Combine(_folder, "none.conf")], []);
        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain("none.conf");
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "fleet.conf");
        File.WriteAllText(path, text);
        return path;
    }
}
