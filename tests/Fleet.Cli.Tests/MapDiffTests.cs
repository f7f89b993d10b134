using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Testing;

namespace Fleet.Cli.Tests;

public sealed class MapDiffTests
{
    [Theory]
    [InlineData("", "map-diff.txt")]
    [InlineData("--json", "map-diff.json")]
    public async Task Two_saved_maps_are_compared_without_a_fleet(string more, string golden)
    {
        using var before = new ProblemFile(CannedFleet.Json(CannedFleet.Map));
        using var after = new ProblemFile(CannedFleet.Json(Later(CannedFleet.Map)));
        var run = await PbmRun.RunAsync(
            ["map", "diff", before.Path, after.Path, "--url", "http://127.0.0.1:1", .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)], []);
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Ok);
        Golden.Match(golden, run.Out);
    }

    [Fact]
    public async Task Saved_map_is_compared_with_the_fleets()
    {
        await using var api = await FakeApi.StartAsync();
        using var before = new ProblemFile(CannedFleet.Json(CannedFleet.Map));
        api.On("GET", Routes.Map, 200, CannedFleet.Json(Later(CannedFleet.Map)));
        var run = await PbmRun.AgainstAsync(api, "map", "diff", before.Path);
        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.ShouldStartWith($"From map 3.120 to 3.125{Environment.NewLine}");
        run.Out.ShouldMatch(@"(?m)^127\.0\.10\.2 +web +adc-2 +adc-1 +owner drains or leaves");
    }

    [Fact]
    public async Task Map_does_not_differ_from_itself()
    {
        using var map = new ProblemFile(CannedFleet.Json(CannedFleet.Map));
        var run = await PbmRun.RunAsync(["map", "diff", map.Path, map.Path], []);
        run.Out.ReplaceLineEndings("\n").ShouldEndWith(
            "VIPs that moved     0\nother standbys      0 VIPs\njudged differently  0 backends\npolicy              the same\n");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"nodes\":7}")]
    public async Task File_that_is_no_map_is_exit_code_2(string text)
    {
        using var file = new ProblemFile(text);
        var run = await PbmRun.RunAsync(["map", "diff", file.Path, file.Path], []);
        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain("is not a map as pbm map show --json prints it");
    }

    private static FleetMap Later(FleetMap map)
    {
        var (two, four, moved) = (NodeName.Parse("adc-2"), NodeName.Parse("adc-4"), VipAddress.Parse("127.0.10.2"));
        var web = map.Services[ServiceName.Parse("web")];
        return map with
        {
            Version = new MapVersion(3, 125),
            Parent = map.Version,
            Policy = map.Policy with { Protection = new Protection(2, 0, 1) },
            Nodes = map.Nodes.Remove(four).SetItem(two, map.Nodes[two] with { Presence = NodePresence.Down }),
            Services = map.Services.Remove(ServiceName.Parse("s3")).SetItem(web.Name, web with { DemandBps = 1 }),
            Vips = map.Vips.Remove(VipAddress.Parse("fd00::20"))
                .SetItem(
                    moved,
                    map.Vips[moved]
                        with
                    { Owner = NodeName.Parse("adc-1"), Successor = null, Phase = VipPhase.Serving, Standbys = [NodeName.Parse("adc-3")] }),
            Verdicts = map.Verdicts.SetItem(BackendKey.Parse("web/b2"), Verdict.Up),
        };
    }
}
