using Fleet.Demo.Processes;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>All coordinators are restarted, one after the other, as a new version is rolled out.</summary>
public sealed class RollingRestartTests
{
    [StoreFact]
    public async Task Restart_of_all_coordinators_moves_no_vip_and_fails_no_request()
    {
        var stage = new EtcdFleet();
        await stage.InitializeAsync();
        try
        {
            var (_, before) = await stage.BeWellAsync();
            var from = stage.Fleet.Clock.Now;
            var after = before;
            for (var number = 1; number <= stage.Coordinators.Count; number++)
            {
                var process = stage.Coordinators.Process(number);
                process.Send(Signal.Term);
                using var patience = new CancellationTokenSource(LivingFleet.Patience);
                await process.WaitAsync(patience.Token);
                process.ExitCode.ShouldBe(0, stage.Fleet.Logs());
                after = (await stage.BeWellAsync()).Map;
            }

            after.Version.Term.ShouldBeGreaterThan(before.Version.Term);
            Unmoved(before, after);
            stage.NobodyNoticed(before, after, from);
            await stage.Fleet.StopClientsAsync();
            stage.Fleet.DualOwner().ShouldBe(TimeSpan.Zero);
        }
        finally
        {
            await stage.DisposeAsync();
        }
    }

    /// <summary>Not even away and back.</summary>
    private static void Unmoved(FleetMap before, FleetMap after) =>
        after.Vips.Values.Select(Holding).ShouldBe(before.Vips.Values.Select(Holding));

    private static (VipAddress Vip, NodeName? Owner, long Since) Holding(VipEntry vip) => (vip.Address, vip.Owner, vip.Since);
}
