using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;

namespace Fleet.Cli.Tests;

/// <summary>Wrong command lines, help and version.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("cluster")]
    [InlineData("node drain")]
    [InlineData("node drain adc-1 --if-version 3")]
    [InlineData("node drain adc-1 --if-version 3.-1")]
    [InlineData("node lisst")]
    [InlineData("node list --timeout 0")]
    [InlineData("node list --timeout soon")]
    [InlineData("node list --watch never")]
    [InlineData("node list --url ftp://x")]
    [InlineData("vip show nonsense")]
    [InlineData("gslb query web --type NOPE")]
    [InlineData("gslb query web --client 10.0.0.0/33")]
    [InlineData("gslb query web --count 0")]
    [InlineData("service apply")]
    public async Task Wrong_command_line_is_exit_code_2_and_points_to_the_help(string line)
    {
        var run = await PbmRun.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), []);
        run.Code.ShouldBe(ExitCode.Usage);
        run.Out.ShouldBe("");
        run.Error.ShouldStartWith("pbm: ");
    }

    [Fact]
    public async Task Slip_of_the_finger_is_answered_with_the_nearest_word()
    {
        var run = await PbmRun.RunAsync(["node", "lisst"], []);
        run.Error.ReplaceLineEndings("\n")
            .ShouldBe("pbm: 'lisst' is neither a command nor an option of node; did you mean list?\nTry: pbm node --help\n");
    }

    [Fact]
    public async Task Version_is_printed()
    {
        var run = await PbmRun.RunAsync(["--version"], []);
        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.ShouldMatch(@"^pbm \d+\.\d+");
    }

    [Fact]
    public async Task Simple_way_to_run_it_needs_no_terminal()
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        (await Pbm.RunAsync(["--version"], stdout, stderr)).ShouldBe(ExitCode.Ok);
        stdout.ToString().ShouldStartWith("pbm ");
    }

    [Fact]
    public async Task Every_command_says_what_it_does_and_shows_an_example()
    {
        foreach (var path in Paths(Root.Build(CliHost.OfThisProcess()), []))
        {
            var run = await PbmRun.RunAsync([.. path, "--help"], []);
            run.Code.ShouldBe(ExitCode.Ok, string.Join(' ', path));
            run.Out.ShouldContain($"Examples:{Environment.NewLine}  pbm ", customMessage: string.Join(' ', path));
        }
    }

    private static IEnumerable<string[]> Paths(Command command, string[] path) =>
        command.Subcommands.SelectMany(sub => Paths(sub, [.. path, sub.Name])).Prepend(path);
}
