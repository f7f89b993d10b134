using System.Diagnostics;
using Fleet.Demo.Processes;
using Fleet.Lab.Labs;
using Fleet.Lab.Processes;
using Fleet.Lab.Rendering;
using Fleet.Lab.Topology;
using Fleet.Testing.Contracts;

namespace Fleet.Lab.Tests.Live;

/// <summary>A lab comes and goes, and nothing of it stays, whatever happens to whoever made it.</summary>
[NeedsLab]
[Collection(LiveLabs.Name)]
public sealed class LabLifeTests : IAsyncLifetime
{
    /// <summary>What is promised of the largest example that is usual.</summary>
    private static readonly TimeSpan UpMax = TimeSpan.FromSeconds(15);

    private readonly string _lab = LiveLab.NewName();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await LabDown.RunAsync(_lab, CancellationToken.None);

    [ContractFact]
    public async Task Lab_is_up_within_15_seconds_and_goes_without_a_trace()
    {
        var links = MachineTraces.Links();
        var since = Stopwatch.GetTimestamp();
        var lab = await NetworkLab.UpAsync(Examples.Find(Examples.TwoSites, _lab)!, new LabWishes(), CancellationToken.None);
        await LabApi.ServedAsync(lab, UpMax, CancellationToken.None);
        Stopwatch.GetElapsedTime(since).ShouldBeLessThan(UpMax);
        MachineTraces.Links().ShouldBe(links, "the links of a lab are inside its namespaces");
        var pids = (await lab.LivingAsync(lab.Topology.Hosts.Select(host => host.Name), CancellationToken.None)).SelectMany(each => each).ToArray();
        pids.Length.ShouldBeGreaterThanOrEqualTo(14, "three coordinators, three backends, and four agents with their relays");
        MachineTraces.Of(_lab).Length.ShouldBeGreaterThan(6 + lab.Topology.Hosts.Length);
        var networks = await NetworksAsync(lab);
        MachineTraces.NetworksInUse().Intersect(networks).Count().ShouldBe(11, "the wire's relay as well");

        await lab.DisposeAsync();

        MachineTraces.Of(_lab).ShouldBeEmpty();
        MachineTraces.NetworksInUse().Intersect(networks).ShouldBeEmpty();
        MachineTraces.Links().ShouldBe(links);
        pids.ShouldAllBe(process => ProcStat.Of(process.Id.Pid) == null || !ProcStat.Of(process.Id.Pid)!.IsAlive);
    }

    [ContractFact]
    public async Task Lab_that_is_up_is_not_built_again_and_one_that_is_down_goes_down_again()
    {
        (await LiveLab.CommandAsync("up", "--name", _lab, "--network-only")).Code.ShouldBe(0);
        var again = await LiveLab.CommandAsync("up", "--name", _lab, "--network-only");
        again.Code.ShouldBe(1);
        again.Errors.ShouldStartWith($"Lab {_lab} is up, or was left behind");
        NetworkLab.Open(_lab).Name.ShouldBe(_lab);
        var down = await LiveLab.CommandAsync("down", "--name", _lab);
        (down.Code, down.Output.Trim()).ShouldBe((0, $"Lab {_lab} is down: 15 namespaces are gone."));
        var downAgain = await LiveLab.CommandAsync("down", "--name", _lab);
        (downAgain.Code, downAgain.Output.Trim()).ShouldBe((0, $"There is no lab {_lab}."));
        MachineTraces.Of(_lab).ShouldBeEmpty();
    }

    /// <summary>At whatever moment: before the first namespace, among them, while programs start, and when all is there.</summary>
    [ContractTheory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(24)]
    public async Task Lab_whose_builder_was_killed_is_taken_down(int namespaces)
    {
        using var builder = LiveLab.Start("up", "--name", _lab);
        var folder = new LabFolder(_lab);
        await LiveLab.UntilAsync(
            () => Task.FromResult(File.Exists(folder.Topology) && Namespaces() + Running(folder) >= namespaces), $"{namespaces} namespaces");
        ChildProcess.Send(builder.Id, Signal.Kill);
        await builder.WaitForExitAsync();
        (await LiveLab.CommandAsync("down", "--name", _lab)).Code.ShouldBe(0);
        MachineTraces.Of(_lab).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Lab_whose_folder_is_lost_is_found_by_its_namespaces()
    {
        var lab = await UpAsync(new ExampleSize(1, 1, 1, 1), LabWishes.NetworkOnly);
        var networks = await NetworksAsync(lab);
        Directory.Delete(lab.Folder.Path, recursive: true);
        (await LabDown.RunAsync(_lab, CancellationToken.None)).ShouldBe((7, true));
        MachineTraces.Of(_lab).ShouldBeEmpty();
        MachineTraces.NetworksInUse().Intersect(networks).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Namespace_that_somebody_else_made_is_left_alone()
    {
        var theirs = Places.Namespace(_lab, "adc-1");
        await LabPrograms.RunAsync(["ip", "netns", "add", theirs], "", theirs, CancellationToken.None);
        try
        {
            (await LabDown.RunAsync(_lab, CancellationToken.None)).ShouldBe((0, false));
            var up = await LiveLab.CommandAsync("up", "--name", _lab, "--network-only");
            up.Code.ShouldBe(1);
            up.Errors.ShouldContain($"There is a namespace {theirs} already");
            File.Exists(Path.Combine(LabPrograms.NamespaceFolder, theirs)).ShouldBeTrue();
        }
        finally
        {
            await LabPrograms.DeleteNamespaceAsync(theirs, CancellationToken.None);
        }
    }

    [ContractFact]
    public async Task Two_labs_stand_beside_each_other_and_one_of_them_goes_alone()
    {
        await using var other = await LiveLab.UpAsync(Examples.OneSite, LabWishes.BackendsOnly);
        await using (await UpAsync(new ExampleSize(1, 2, 1, 1), LabWishes.BackendsOnly))
            (await LiveLab.ConnectAsync(other, "client-1", LiveLab.At(other, "backend-1"))).ShouldNotBeNull();
        MachineTraces.Of(_lab).ShouldBeEmpty();
        (await LiveLab.ConnectAsync(other, "client-1", LiveLab.At(other, "backend-1"))).ShouldNotBeNull();
        (await other.AskWireAsync(CancellationToken.None)).Rules.ShouldBe(0);
    }

    [ContractFact]
    public async Task What_runs_in_a_lab_ends_with_it_stopped_or_not_and_with_all_that_it_started()
    {
        var lab = await UpAsync(new ExampleSize(0, 1, 1, 0), LabWishes.NetworkOnly);
        var process = lab.RunIn("adc-1", "nest", "sh", "-c", "trap '' TERM; sleep 600 & exec setsid sleep 601");
        await LiveLab.UntilAsync(async () => (await lab.LivingAsync(["adc-1"], CancellationToken.None))["adc-1"].Count() == 2, "two processes");
        var living = (await lab.LivingAsync(["adc-1"], CancellationToken.None))["adc-1"].ToArray();
        NamespaceProcesses.Send(process.Id, Signal.Stop);
        await lab.DisposeAsync();
        living.ShouldAllBe(each => ProcStat.Of(each.Id.Pid) == null || !ProcStat.Of(each.Id.Pid)!.IsAlive);
        MachineTraces.Of(_lab).ShouldBeEmpty();
    }

    private Task<NetworkLab> UpAsync(ExampleSize size, LabWishes wishes) =>
        NetworkLab.UpAsync(Examples.Find(Examples.OneSite, _lab, size)!, wishes, CancellationToken.None);

    private static async Task<string[]> NetworksAsync(NetworkLab lab) =>
        [.. (await LabPrograms.InodesAsync(LabPlan.Of(lab.Topology).Namespaces.Select(each => each.Name), CancellationToken.None))
            .Values.Select(inode => $"net:[{inode}]")];

    private int Namespaces() => !Directory.Exists(LabPrograms.NamespaceFolder)
        ? 0
        : Directory.EnumerateFiles(LabPrograms.NamespaceFolder, $"{_lab}-*").Count();

    private static int Running(LabFolder folder) => new ProcessTable(folder.Processes).All.Count;
}
