using System.Globalization;
using System.Net;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Json;
using Fleet.Shared.Model;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Coordinator.Projections;

/// <summary>
/// The folded state in the read model. Who goes on after a restart folds from the newest, with the entries that are here: nothing is asked of the
/// fleet's store that it may have dropped.
/// </summary>
internal static class Checkpoints
{
    /// <summary>The newest alone, and one for each month, is left.</summary>
    public static async Task SaveAsync(NpgsqlConnection connection, FleetState state, CancellationToken cancellation, bool kept = false)
    {
        await using var save = new NpgsqlCommand(
            """
            insert into fleet_model.checkpoint (revision, kept, state)
            values ($1, $2 or not exists (select from fleet_model.checkpoint where kept and saved_at > now() - interval '30 days'), $3)
            on conflict (revision) do update set state = excluded.state, kept = fleet_model.checkpoint.kept or excluded.kept
            """, connection);
        save.Parameters.AddWithValue(state.Map.Version.Revision);
        save.Parameters.AddWithValue(kept);
        save.Parameters.AddWithValue(NpgsqlDbType.Json, RowJson.Write(state));
        await save.ExecuteNonQueryAsync(cancellation);
        await using var drop = new NpgsqlCommand("delete from fleet_model.checkpoint where not kept and revision < $1", connection);
        drop.Parameters.AddWithValue(state.Map.Version.Revision);
        await drop.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The state at a revision that the entries here reach.</summary>
    public static async Task<FleetState> LoadAsync(NpgsqlConnection connection, long revision, CancellationToken cancellation)
    {
        var state = FleetState.Empty;
        await using (var read = new NpgsqlCommand(
            "select state::text from fleet_model.checkpoint where revision <= $1 order by revision desc limit 1", connection))
        {
            read.Parameters.AddWithValue(revision);
            if (await read.ExecuteScalarAsync(cancellation) is string json)
                state = RowJson.ReadState(json);
        }

        await foreach (var entry in EntriesAsync(connection, state.Map.Version.Revision + 1, revision, cancellation))
            state = Evolver.Evolve(state, Readmission.Whole(entry));
        return state;
    }

    /// <summary>The state that was kept of a revision; null where it was not.</summary>
    public static async Task<FleetState?> KeptAsync(NpgsqlConnection connection, long revision, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand("select state::text from fleet_model.checkpoint where revision = $1", connection);
        read.Parameters.AddWithValue(revision);
        return await read.ExecuteScalarAsync(cancellation) is string json ? RowJson.ReadState(json) : null;
    }

    /// <summary>Entries as they were in the journal, in order.</summary>
    public static async IAsyncEnumerable<JournalEntry> EntriesAsync(
        NpgsqlConnection connection,
        long from,
        long to,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(
            """
            select j.revision, j.term, j.at, j.by_name, j.by_proof, j.by_address,
                   array(select e.detail::text from fleet_model.event e where e.revision = j.revision order by e.ordinal)
            from fleet_model.entry j where j.revision between $1 and $2 order by j.revision
            """, connection);
        read.Parameters.AddWithValue(from);
        read.Parameters.AddWithValue(to);
        await using var rows = await read.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var by = By(rows.GetString(3), rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetString(5));
            yield return new JournalEntry(
                rows.GetInt64(0),
                rows.GetInt64(1),
                new DateTimeOffset(rows.GetDateTime(2)),
                by,
                [.. rows.GetFieldValue<string[]>(6).Select(RowJson.ReadEvent)]);
        }
    }

    public static Principal By(string name, string proof, string? address) => new(
        name, Enum.GetValues<Proof>().First(known => Kebab.Word(known) == proof), address is null ? null : IPAddress.Parse(address));
}
