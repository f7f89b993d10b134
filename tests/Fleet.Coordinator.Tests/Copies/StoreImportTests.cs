using Fleet.Coordinator.Copies;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Copies;

/// <summary>What a leader begins with after an import.</summary>
public sealed class StoreImportTests
{
    [Fact]
    public async Task Final_copy_goes_on_where_it_ends_in_the_next_term()
    {
        await using var stage = await CopyStage.WithHistoryAsync();
        var copy = await stage.ExportAsync(term: 99);
        (await stage.ImportAsync(copy)).ShouldBeTrue();
        var (term, state) = await stage.LeadAsync();
        term.ShouldBe(100);
        state.Text().ShouldBe(stage.State.Text());
    }

    [Fact]
    public async Task Entries_that_the_snapshot_covers_are_left_out_when_they_are_damaged_and_a_leader_lacks_nothing()
    {
        await using var stage = await CopyStage.WithHistoryAsync();
        stage.Memory.Entries[20] = stage.Memory.Entries[30];
        await Should.ThrowAsync<StoreRefusedException>(() => stage.ExportAsync());
        var copy = await stage.ExportAsync(fromSnapshot: true);
        (copy.FirstRevision, copy.End.Entries).ShouldBe((40, 21));
        await stage.ImportAsync(copy);
        (await stage.LeadAsync()).State.Text().ShouldBe(stage.State.Text());
    }

    [Fact]
    public async Task Copy_that_is_brought_in_twice_is_there_once()
    {
        foreach (var isFinal in new[] { true, false })
        {
            await using var own = await CopyStage.WithHistoryAsync();
            var copy = await own.ExportAsync(isFinal: isFinal);
            (await own.ImportAsync(copy)).ShouldBeTrue();
            (await own.ImportAsync(copy)).ShouldBeFalse("it is there already");
            var (term, _) = await own.LeadAsync();
            await using var leader = own.Store();
            var next = await leader.CampaignAsync("c2", default);
            next.ShouldBe(term + 1);
            var last = (await leader.ReadAsync(1, default).ToArrayAsync())[^1];
            await leader.AppendAsync(Samples.Entry(last.Revision + 1, next), default);
            await leader.DisposeAsync();
            await Should.ThrowAsync<StoreRefusedException>(() => own.ImportAsync(copy), "a leader has gone on since");
        }
    }

    [Fact]
    public async Task Other_history_is_not_taken_for_one_that_was_brought_in()
    {
        await using var stage = await CopyStage.WithHistoryAsync();
        await stage.ImportAsync(await stage.ExportAsync());
        stage.Memory.Entries[^1] = stage.Memory.Entries[^1] with { Events = [new FleetEvent.ServiceRemoved(new ServiceName("none"))] };
        stage.Memory.Entries.Add(new JournalEntry(61, stage.Memory.Term, DateTimeOffset.UnixEpoch, Principal.Leader, []));
        await Should.ThrowAsync<StoreRefusedException>(async () => await stage.ImportAsync(await stage.ExportAsync("other")));
    }

    /// <summary>
    /// The fleet that was copied went on: nodes work by maps of it that the copy lacks, and perhaps of a later term. The restored one must never give
    /// a number a second time: the leader takes "works by revision 70" for "works by mine".
    /// </summary>
    [Fact]
    public async Task Copy_that_is_not_final_goes_on_beyond_all_that_nodes_may_have_seen()
    {
        await using var stage = await CopyStage.WithHistoryAsync(entries: 400);
        var copy = await stage.ExportAsync(isFinal: false);
        var seen = stage.State.Map.Version with { Revision = copy.End.Revision + 300, Term = copy.End.Term + 7 };
        await stage.ImportAsync(copy);
        var (term, state) = await stage.LeadAsync();
        term.ShouldBeGreaterThan(seen.Term);
        state.Map.Version.Revision.ShouldBeGreaterThan(seen.Revision);
        state.Map.Version.ShouldBeGreaterThan(seen);
        state.Map.Vips.Values.Select(v => (v.Address, v.Owner, v.Phase)).ShouldBe(
            stage.State.Map.Vips.Values.Select(v => (v.Address, v.Owner, v.Phase)));
        state.Map.Vips.Values.ShouldAllBe(v => v.Since <= copy.End.Revision, "who had it then has it still");
        var next = new JournalEntry(state.Map.Version.Revision + 1, term, DateTimeOffset.UnixEpoch, Principal.Leader,
            [new FleetEvent.TermBegun(term, "c1")]);
        Evolver.Evolve(state, next).Map.Version.ShouldBe(next.Version);
    }
}
