using Fleet.Demo.Processes;
using Fleet.Demo.Scenario;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.EndToEnd.Tests;

/// <summary>What an operator asks for happens without a failed request.</summary>
[Trait(Beside.Trait, Beside.Others)]
public sealed class PlannedChangeTests
{
    [Fact]
    public async Task Drain_undrain_leave_and_stop_fail_no_request()
    {
        await using var fleet = await LivingFleet.StartAsync();
        var begun = fleet.Clock.Now;

        (await fleet.Api.PostAsync("adc-4", NodeVerbs.Drain, CancellationToken.None)).EnsureSuccessStatusCode();
        await fleet.UntilAsync(
            map => map.Vips.Values.All(v => v is { Successor: null, Phase: VipPhase.Serving } && v.Owner != NodeName.Parse("adc-4")),
            "adc-4 to be drained");

        var drained = await fleet.Api.MapAsync(CancellationToken.None);
        (await fleet.Api.PostAsync("adc-4", NodeVerbs.Undrain, CancellationToken.None)).EnsureSuccessStatusCode();
        var leveled = await fleet.SettledAsync(4);
        Verdicts.Moved(drained, leveled).ShouldBe(Verdicts.LevelingBound(drained, [.. leveled.Nodes.Keys]));

        (await fleet.Api.PostAsync("adc-3", NodeVerbs.Leave, CancellationToken.None)).EnsureSuccessStatusCode();
        await fleet.UntilAsync(map => !map.Nodes.ContainsKey(NodeName.Parse("adc-3")), "adc-3 to be forgotten");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await fleet.Processes.Nodes["adc-3"].Agent.WaitAsync(patience.Token);
        fleet.Processes.Nodes["adc-3"].Agent.ExitCode.ShouldBe(0);

        fleet.Processes.Nodes["adc-1"].Agent.Send(Signal.Term);
        await fleet.Processes.Nodes["adc-1"].Agent.WaitAsync(patience.Token);
        await fleet.SettledAsync(2);
        await fleet.StopClientsAsync();

        fleet.Traffic.Samples.Count(s => s.Sent > begun).ShouldBeGreaterThan(100);
        fleet.Traffic.Samples.Where(s => !s.IsOk).ShouldBeEmpty(fleet.Logs());
        fleet.DualOwner().ShouldBe(TimeSpan.Zero);
    }
}
