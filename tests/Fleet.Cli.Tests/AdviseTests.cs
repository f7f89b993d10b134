using Fleet.Cli.Messages;
using Fleet.Testing;

namespace Fleet.Cli.Tests;

public sealed class AdviseTests
{
    [Theory]
    [InlineData("advise --target 1Tbps --appliance 88Gbps", "advise-one-tbps.txt")]
    [InlineData("advise --target 1Tbps --appliance 88Gbps --headroom 20% --domains 6 --json", "advise-one-tbps-headroom.json")]
    [InlineData("advise --service-demand 300Gbps --appliance 88Gbps --nodes 13", "advise-service.txt")]
    [InlineData("advise --service-demand 1Gbps --appliance 88Gbps --nodes 13 --json", "advise-service.json")]
    [InlineData("advise --help", "help-advise.txt")]
    public async Task Advice_needs_no_fleet(string line, string golden)
    {
        var run = await PbmRun.RunAsync([.. line.Split(' '), "--url", "http://127.0.0.1:1"], []);
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Ok);
        Golden.Match(golden, run.Out);
    }

    [Fact]
    public async Task One_terabit_takes_12_and_1()
    {
        var run = await PbmRun.RunAsync(["advise", "--target", "1Tbps", "--appliance", "88Gbps"], []);
        run.Out.ShouldMatch(@"(?m)^any 1 node +12 \+ 1 ");
    }

    [Fact]
    public async Task Fleet_is_told_what_it_lacks_by_the_map_it_has()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, "advise", "--domains", "2");
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Refused, "one node of four carries traffic, and any one may fail");
        Golden.Match("advise-fleet.txt", run.Out);
    }

    [Fact]
    public async Task Problem_may_come_from_a_file()
    {
        using var file = new ProblemFile();
        var run = await PbmRun.RunAsync(["advise", "--input", file.Path], []);
        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.ReplaceLineEndings("\n").ShouldEndWith(
            "4 nodes carry traffic; 60 Gbit/s may be used after the worst failure of the protection, 24 Gbit/s are asked for.\nEnough: any 1 node "
            + "could be taken away.\n");
    }

    [Theory]
    [InlineData("--target lots", "--target takes a rate")]
    [InlineData("--target 0", "--target takes a rate")]
    [InlineData("--target 1Tbps --headroom 20", "--headroom takes a percentage")]
    [InlineData("--target 1Tbps --domains 1", "--domains takes a whole number from 2")]
    [InlineData("--target 1Tbps --input x.json", "give one of them")]
    [InlineData("--target 1Tbps --service-demand 1Gbps", "give one of them")]
    [InlineData("--target 1Tbps --nodes 3", "belongs to --service-demand")]
    [InlineData("--target 1000Pbps --appliance 1bps", "more than 100000 nodes")]
    [InlineData("--input /nowhere/at/all.json", "there is no file /nowhere/at/all.json.")]
    public async Task Wrong_question_is_exit_code_2(string line, string complaint)
    {
        var run = await PbmRun.RunAsync(["advise", .. line.Split(' ')], []);
        run.Code.ShouldBe(ExitCode.Usage);
        run.Out.ShouldBe("");
        run.Error.ShouldContain(complaint);
    }
}
