using System.Collections.Immutable;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.Projections.Rows;
using Fleet.Coordinator.Publishing;
using Fleet.Coordinator.State;
using Fleet.Postgres;
using Fleet.Shared.Config;
using Fleet.Shared.Map;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Coordinator.Projections;

/// <summary>
/// Writes what the leader observes and does not write down: traffic, by the minute, and what the newest proof says of the protection. Nobody can tell
/// it twice, so what cannot be written is kept for a while and then lost.
/// </summary>
internal sealed class TelemetryWriter(
    Func<CancellationToken, Task<LeaderSight?>> look, NpgsqlDataSource source, ProjectionSettings settings, TimeProvider time)
{
    private const int WaitingMax = 200_000;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly Table Rows = new("telemetry_new", 0,
        ("minute", NpgsqlDbType.TimestampTz), ("node", NpgsqlDbType.Text), ("vip", NpgsqlDbType.Text), ("service", NpgsqlDbType.Text),
        ("seconds", NpgsqlDbType.Real), ("bytes_in", NpgsqlDbType.Bigint), ("bytes_out", NpgsqlDbType.Bigint),
        ("connections", NpgsqlDbType.Bigint), ("requests", NpgsqlDbType.Bigint), ("active_max", NpgsqlDbType.Bigint),
        ("bps_max", NpgsqlDbType.Double));

    private readonly MinuteBook _book = new();
    private readonly MinuteBatches _waiting = new(WaitingMax);
    private PreparedPlan? _plan;

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var failures = 0;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await TakeAsync(await look(cancellation), cancellation);
                failures = 0;
            }
            catch (Exception e) when (PostgresProblem.IsOne(e))
            {
                // The projector says what is wrong with the database.
                failures++;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            var pause = failures == 0 ? Every : Backoff.After(failures, 1);
            await Task.Delay(pause > Every ? pause : Every, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes one look; writes what is over.</summary>
    /// <param name="sight">Null when this coordinator does not lead.</param>
    public async Task TakeAsync(LeaderSight? sight, CancellationToken cancellation)
    {
        _waiting.Add(sight is null ? _book.Leave() : _book.Look(sight.Map, sight.Observed, time.GetUtcNow()));
        if (!_waiting.IsEmpty)
        {
            await WriteMinutesAsync(cancellation);
            _waiting.Clear();
        }

        if (sight?.Plan is { } plan && !ReferenceEquals(plan, _plan))
        {
            await WriteProtectionAsync(plan, sight.Map, cancellation);
            _plan = plan;
        }
    }

    /// <summary>Another leader may have written a part of the same minute: parts are added up, each once.</summary>
    private async Task WriteMinutesAsync(CancellationToken cancellation)
    {
        var today = _waiting.Days[^1];
        await using var connection = await source.OpenConnectionAsync(cancellation);
        foreach (var day in _waiting.Days)
            await BatchRows.RunAsync(connection, "select fleet_model.roll_telemetry($1, $2)", cancellation, day, settings.TelemetryKeep);
        await BatchRows.RunAsync(
            connection, "select fleet_model.drop_history($1)", cancellation, (time.GetUtcNow() - settings.EventsKeep).UtcDateTime);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var written = await WrittenAsync(connection, cancellation);
        await BatchRows.RunAsync(
            connection, "create temporary table telemetry_new (like fleet_model.telemetry) on commit drop", cancellation);
        // Partitions of days before are dropped.
        var oldest = DateOnly.FromDateTime(today.ToDateTime(TimeOnly.MinValue) - settings.TelemetryKeep);
        var rows = _waiting.After(written).Where(row => MinuteBatches.DayOf(row) >= oldest);
        await Rows.InsertAsync(connection, [.. rows.Select(Row)], cancellation, "pg_temp");
        await BatchRows.RunAsync(
            connection,
            """
            insert into fleet_model.telemetry as t
            select minute, node, vip, max(service), sum(seconds), sum(bytes_in), sum(bytes_out), sum(connections), sum(requests), max(active_max),
                   max(bps_max)
            from pg_temp.telemetry_new group by minute, node, vip
            on conflict (minute, node, vip) do update set
                service = excluded.service, seconds = t.seconds + excluded.seconds, bytes_in = t.bytes_in + excluded.bytes_in,
                bytes_out = t.bytes_out + excluded.bytes_out, connections = t.connections + excluded.connections,
                requests = t.requests + excluded.requests, active_max = greatest(t.active_max, excluded.active_max),
                bps_max = greatest(t.bps_max, excluded.bps_max)
            """,
            cancellation);
        await BatchRows.RunAsync(
            connection,
            "update fleet_model.telemetry_writer set batch = $2, written_at = now() where writer = $1",
            cancellation,
            _waiting.Writer,
            _waiting.Newest);
        await BatchRows.RunAsync(
            connection, "delete from fleet_model.telemetry_writer where written_at < now() - interval '7 days'", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The newest batch of this writer that is in the database: what was sent before and not answered may have arrived.</summary>
    private async Task<long> WrittenAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var find = new NpgsqlCommand(
            """
            insert into fleet_model.telemetry_writer (writer, batch) values ($1, 0)
            on conflict (writer) do update set written_at = now() returning batch
            """, connection);
        find.Parameters.AddWithValue(_waiting.Writer);
        return (long)(await find.ExecuteScalarAsync(cancellation))!;
    }

    private static object?[] Row(MinuteRow r) =>
        [
            r.Minute, r.Node, r.Vip, r.Service, (float)r.Seconds, r.BytesIn, r.BytesOut, r.Connections, r.Requests, r.ActiveMax, r.BpsMax,
        ];

    private async Task WriteProtectionAsync(PreparedPlan plan, FleetMap map, CancellationToken cancellation)
    {
        var (verdict, wanted) = (plan.Planned.Verdict, map.Policy.Protection);
        var worst = verdict.Worst;
        await using var write = source.CreateCommand(
            """
            insert into fleet_model.protection values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            on conflict (revision) do update set at = excluded.at, holds = excluded.holds, nodes = excluded.nodes, domains = excluded.domains,
                utilisation_max = excluded.utilisation_max, method = excluded.method, worst_failed = excluded.worst_failed,
                worst_node = excluded.worst_node, worst_utilisation = excluded.worst_utilisation, excess_bps = excluded.excess_bps,
                sentence = excluded.sentence
            """);
        ImmutableArray<object?> values =
        [
            plan.Of.Revision, time.GetUtcNow().UtcDateTime, verdict.Holds, wanted.Nodes, wanted.Domains, wanted.UtilisationMax,
            verdict.Method.ToString().ToLowerInvariant(), worst?.Failed.Select(n => n.Value).ToArray() ?? [], worst?.Node.ToString(),
            worst is { Utilisation: var utilisation } && double.IsFinite(utilisation) ? utilisation : null, worst?.ExcessBps ?? 0L,
            ProtectionWords.Breach(plan.Planned) ?? ProtectionWords.Nearest(verdict) ?? "nothing is placed",
        ];
        foreach (var value in values)
            write.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        await write.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>What the leader sees, in one moment.</summary>
/// <param name="Plan">The newest, with its proof; null before the first.</param>
internal sealed record LeaderSight(FleetMap Map, Observed Observed, PreparedPlan? Plan);
