using Fleet.Demo.Fleets;
using Fleet.Demo.Scenario;

namespace Fleet.EndToEnd.Tests;

/// <summary>Two sites of real processes: clients are answered from their own, and a site that stops is left and gone back to as promised.</summary>
public sealed class TwoSitesTests
{
    [Fact]
    public async Task Clients_are_answered_from_their_own_site_until_it_stops_and_again_after_the_hold_down()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(150));
        var folder = Directory.CreateTempSubdirectory("fleet-sites-").FullName;
        SitesReport report;
        await using (var fleet = new FleetProcesses(new FleetPlan(folder, TwoSites: true)))
            report = await new SitesRun(fleet, TextWriter.Null).RunAsync(patience.Token);
        report.Shortcomings.ShouldBeEmpty(report.ToJson());
        Directory.Delete(folder, recursive: true);
    }
}
