using Fleet.Demo.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary>An agent is told to stop and its successor is started before it is gone, as service managers and people do.</summary>
[Trait(Beside.Trait, Beside.Others)]
public sealed class RestartTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Successor_started_while_the_agent_hands_over_waits_for_it_and_serves(int milliseconds)
    {
        await using var fleet = await LivingFleet.StartAsync(nodes: 3);
        var from = fleet.Clock.Now;
        var first = fleet.Processes.Nodes["adc-2"].Agent;
        first.Send(Signal.Term);
        await Task.Delay(milliseconds);
        var second = fleet.Processes.StartNode("adc-2").Agent;
        using var patience = new CancellationTokenSource(LivingFleet.Patience);
        await first.WaitAsync(patience.Token);
        first.ExitCode.ShouldBe(0, fleet.Logs());
        await fleet.UntilAsync(
            map => map.Vips.Values.Any(v => v.HeldBy(new("adc-2")) && v.Since > fleet.Formed.Version.Revision), "the successor to get VIPs");
        await fleet.SettledAsync(3);
        second.HasExited.ShouldBeFalse(fleet.Logs());
        fleet.FailedElsewhere([], from, fleet.Clock.Now).ShouldBe(0, fleet.Failures(from, fleet.Clock.Now));
        await fleet.StopClientsAsync();
        fleet.DualOwner().ShouldBe(TimeSpan.Zero);
    }
}
