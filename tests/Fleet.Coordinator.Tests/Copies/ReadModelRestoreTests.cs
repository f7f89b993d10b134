using Fleet.Coordinator.Control;
using Fleet.Coordinator.Copies;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Coordinator.Tests.Projections;
using Fleet.Coordinator.Tests.Stores.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fleet.Coordinator.Tests.Copies;

/// <summary>A store that is lost for good comes back from the read model, up to what had been projected.</summary>
[Collection(nameof(ReadModelServer))]
public sealed class ReadModelRestoreTests(ReadModelServer server)
{
    [PostgresFact]
    public async Task Store_is_restored_from_what_was_projected_and_the_read_model_goes_on_with_a_gap()
    {
        await using var source = await server.ReadModelAsync();
        await using var stage = await CopyStage.WithHistoryAsync(1300, 0);
        await using (var lost = stage.Source())
            await ProjectAsync(source, lost, 1300);
        var copy = await ExportAsync(source, stage.File("copy"));
        copy.State.Text().ShouldBe(stage.State.Text());
        (copy.End.IsFinal, copy.End.Entries, copy.FirstRevision).ShouldBe((false, 1000, 301));
        await stage.ImportAsync(copy);
        var (term, state) = await stage.LeadAsync();
        state.Map.Vips.Values.Select(v => (v.Address, v.Owner)).ShouldBe(stage.State.Map.Vips.Values.Select(v => (v.Address, v.Owner)));

        await using (var restored = stage.Store())
        {
            term = await restored.CampaignAsync("c2", default);
            var next = new JournalEntry(
                state.Map.Version.Revision + 1, term, DateTimeOffset.UnixEpoch, Build.By, [new FleetEvent.TermBegun(term, "c2")]);
            await restored.AppendAsync(next, default);
            await ProjectAsync(source, restored, next.Revision);
        }

        (await source.LinesAsync("select from_revision, to_revision from fleet.gap")).ShouldBe([$"1301 | {state.Map.Version.Revision}"]);
    }

    /// <summary>As a projector leaves it that was away for too long, and has gone on from a snapshot and no further.</summary>
    [PostgresFact]
    public async Task Read_model_that_ends_with_a_gap_is_a_state_and_no_entry()
    {
        await using var source = await server.ReadModelAsync();
        await using var stage = await CopyStage.WithHistoryAsync(50, 0);
        await using (var lost = stage.Source())
            await ProjectAsync(source, lost, 50);
        await using (var connection = await source.OpenConnectionAsync())
            await Checkpoints.SaveAsync(connection, stage.State, default, kept: true);
        await source.LinesAsync("insert into fleet_model.gap (from_revision, to_revision) values (10, 50)");
        await source.LinesAsync("delete from fleet_model.entry where revision between 10 and 49");
        await source.LinesAsync("update fleet_model.event set detail = '{\"kind\": \"history-gap\"}' where revision = 50");
        var copy = await ExportAsync(source, stage.File("copy"));
        copy.State.Text().ShouldBe(stage.State.Text());
        (copy.End.Entries, copy.FirstRevision).ShouldBe((1, 50));
        await stage.ImportAsync(copy);
        (await stage.LeadAsync()).State.Map.Vips.Count.ShouldBe(stage.State.Map.Vips.Count);
    }

    private async Task<CheckedCopy> ExportAsync(NpgsqlDataSource source, string file)
    {
        var model = new ReadModelHistory(source, PostgresServers.Target(server.Server.ConnectionString("any")));
        var position = await model.LookAsync(default);
        var export = new StoreExport(new HistorySource(model.Place, model.LoadAsync, model.ReadAsync), file, TimeProvider.System, _ => { });
        return await export.WriteAsync(false, position.Term, position.Revision, default);
    }

    private async Task ProjectAsync(NpgsqlDataSource source, IFleetStore store, long until)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var status = new ProjectionStatus { IsOn = true };
        var target = PostgresServers.Target(server.Server.ConnectionString("any"));
        var projector = new Projector(store, source, target, status, () => true, TimeProvider.System, NullLogger<Projector>.Instance);
        using var stop = new CancellationTokenSource();
        var running = projector.RunAsync(stop.Token);
        while (status.Revision < until)
        {
            bound.IsCancellationRequested.ShouldBeFalse(status.Error);
            await Task.Delay(20);
        }

        await stop.CancelAsync();
        await running;
    }
}
