using System.Collections.Immutable;
using System.Net;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Postgres;
using Fleet.Shared.Config;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Testing.Wan;
using Npgsql;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>
/// Traffic by the minute in a real PostgreSQL: each octet once, whatever becomes of leaders and answers, for the days that are kept.
/// </summary>
[Collection(nameof(ReadModelServer))]
public sealed class TelemetryTests(ReadModelServer server)
{
    private const string Rows =
        "select to_char(minute at time zone 'UTC', 'DD HH24:MI'), node, host(vip), seconds, bytes_out from fleet.telemetry order by minute, vip";

    private const string Partitions =
        "select inhrelid::regclass::text from pg_inherits where inhparent = 'fleet_model.telemetry'::regclass order by 1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly FleetMap Map = FleetMap.Empty with
    {
        Vips = ImmutableSortedDictionary<VipAddress, VipEntry>.Empty.Add(Build.Vip(1), Build.Serving(1, "adc-1")),
    };

    private static readonly ProjectionSettings Settings = new()
    {
        Connection = null,
        PasswordFile = null,
        TelemetryKeep = TimeSpan.FromDays(3),
        EventsKeep = TimeSpan.FromDays(400),
    };

    private readonly Wall _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private NodeLoad _load = NodeLoad.None;

    [PostgresFact]
    public async Task Leader_that_goes_in_the_middle_of_a_minute_leaves_its_part_and_counts_nothing_of_the_next_ones()
    {
        await using var source = await server.ReadModelAsync();
        var (first, second) = (Writer(source), Writer(source));
        await first.TakeAsync(SightAt(0, 1_000), default);
        await first.TakeAsync(SightAt(30, 4_000), default);
        await first.TakeAsync(null, default);
        (await source.LinesAsync(Rows)).ShouldBe(["01 12:00 | adc-1 | 10.0.0.1 | 30 | 3000", "01 12:00 | adc-1 | - | 30 | 3000"]);
        await second.TakeAsync(SightAt(31, 4_100), default);
        await first.TakeAsync(null, default);
        await second.TakeAsync(SightAt(51, 6_100), default);
        await second.TakeAsync(SightAt(61, 7_000), default);
        (await source.LinesAsync(Rows)).ShouldBe(["01 12:00 | adc-1 | 10.0.0.1 | 50 | 5000", "01 12:00 | adc-1 | - | 50 | 5000"]);
        // The first leads again after ten minutes that were the second's.
        await second.TakeAsync(SightAt(630, 9_000), default);
        await second.TakeAsync(null, default);
        await first.TakeAsync(SightAt(631, 9_000), default);
        await first.TakeAsync(SightAt(651, 9_500), default);
        await first.TakeAsync(null, default);
        (await source.LinesAsync("select sum(bytes_out), max(seconds) < 600 from fleet.telemetry where vip is null")).ShouldBe(["8400 | True"]);
    }

    /// <summary>The server is told to commit, does, and nobody hears of it.</summary>
    [PostgresFact]
    public async Task Minute_whose_answer_was_lost_is_sent_again_and_counted_once()
    {
        var database = await server.DatabaseAsync();
        await using var direct = NpgsqlDataSource.Create(server.Server.ConnectionString(database));
        await using (var connection = await direct.OpenConnectionAsync())
            await Migrator.ApplyAsync(connection, SchemaFiles.ReadModel, default);
        await direct.LinesAsync(
            """
            create function fleet_model.wait_for_test() returns trigger language plpgsql as
                $$ begin perform pg_advisory_xact_lock_shared(42); return null; end $$;
            create constraint trigger wait_for_test after update on fleet_model.telemetry_writer deferrable initially deferred
                for each row execute function fleet_model.wait_for_test();
            """);
        using var wire = new TcpProxy(new IPEndPoint(IPAddress.Loopback, FreePort.Next()), server.Server.Endpoint);
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(server.Server.ConnectionString(database)) { Port = wire.Address.Port, CommandTimeout = 1 });
        var writer = Writer(source);
        await writer.TakeAsync(SightAt(0, 1_000), default);
        await writer.TakeAsync(SightAt(20, 3_000), default);
        await using (var holder = await direct.OpenConnectionAsync())
        {
            await BatchRows.RunAsync(holder, "select pg_advisory_lock(42)", default);
            var write = writer.TakeAsync(SightAt(61, 3_500), default);
            await UntilAsync(direct, "select count(*) = 1 from pg_locks where locktype = 'advisory' and not granted");
            wire.ToTarget.Cut();
            wire.FromTarget.Cut();
            PostgresProblem.IsOne(await Should.ThrowAsync<Exception>(() => write)).ShouldBeTrue();
            (await direct.LinesAsync(Rows)).ShouldBeEmpty();
            await BatchRows.RunAsync(holder, "select pg_advisory_unlock(42)", default);
        }

        await UntilAsync(direct, "select count(*) > 0 from fleet.telemetry");
        wire.ToTarget.Heal();
        wire.FromTarget.Heal();
        NpgsqlConnection.ClearPool(source.CreateConnection());
        await writer.TakeAsync(SightAt(70, 3_600), default);
        (await direct.LinesAsync(Rows)).ShouldBe(["01 12:00 | adc-1 | 10.0.0.1 | 20 | 2000", "01 12:00 | adc-1 | - | 20 | 2000"]);
        await writer.TakeAsync(SightAt(121, 3_600), default);
        (await direct.LinesAsync("select sum(bytes_out) from fleet.telemetry where vip is null")).ShouldBe(["2600"]);
    }

    [PostgresFact]
    public async Task Days_come_and_go_and_those_that_are_kept_are_written_also_when_the_database_was_away_for_some_of_them()
    {
        await using var source = await server.ReadModelAsync();
        var writer = Writer(source);
        await DayAsync(writer, 0);
        (await source.LinesAsync(Partitions)).ShouldBe(["fleet_model.telemetry_20260301", "fleet_model.telemetry_20260302"]);
        for (var day = 1; day < 6; day++)
            await DayAsync(writer, day);
        (await source.LinesAsync(Partitions)).ShouldBe(
            [.. Enumerable.Range(3, 5).Select(day => $"fleet_model.telemetry_2026030{day}")], "three days, today and tomorrow");
        (await DaysAsync(source)).ShouldBe(["03", "04", "05", "06"]);
        await source.LinesAsync("alter function fleet_model.roll_telemetry(date, interval) rename to away");
        for (var day = 6; day < 11; day++)
            await Should.ThrowAsync<PostgresException>(() => DayAsync(writer, day));
        await source.LinesAsync("alter function fleet_model.away(date, interval) rename to roll_telemetry");
        await DayAsync(writer, 11);
        (await DaysAsync(source)).ShouldBe(["09", "10", "11", "12"]);
        (await source.LinesAsync("select distinct bytes_out from fleet.telemetry where bytes_out > 0")).ShouldBe(["2000"]);
    }

    [PostgresFact]
    public async Task History_is_not_dropped_while_it_is_made_anew()
    {
        await using var source = await server.ReadModelAsync();
        await using var connection = await source.OpenConnectionAsync();
        await source.LinesAsync("insert into fleet_model.entry values (5, 1, '2026-01-01', '2026-01-01', 'x', 'system', null)");
        await source.LinesAsync("insert into fleet_model.checkpoint (revision, kept, state) values (5, true, '{}')");
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await BatchRows.RunAsync(connection, "select pg_advisory_xact_lock(hashtextextended('fleet_model.history', 0))", default);
            (await source.LinesAsync("select fleet_model.drop_history('infinity')")).ShouldBe(["0"]);
        }

        (await source.LinesAsync("select fleet_model.drop_history('infinity')")).ShouldBe(["5"]);
    }

    /// <summary>Two thousand octets in a minute of a day, and the look after it.</summary>
    private async Task DayAsync(TelemetryWriter writer, int day)
    {
        var (noon, octets) = (day * 86_400, 1_000_000L * (day + 1));
        // What grew over night is of no minute here: it is as if nobody had led.
        await TryAsync(() => writer.TakeAsync(null, default));
        foreach (var (second, grown) in new[] { (0, 0L), (30, 2_000L) })
            await TryAsync(() => writer.TakeAsync(SightAt(noon + second, octets + grown), default));
        await writer.TakeAsync(SightAt(noon + 61, octets + 2_000), default);
    }

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (PostgresException)
        {
            // The database is away.
        }
    }

    private static Task<string[]> DaysAsync(NpgsqlDataSource source) =>
        source.LinesAsync("select distinct to_char(minute at time zone 'UTC', 'DD') from fleet.telemetry where bytes_out > 0 order by 1");

    private static async Task UntilAsync(NpgsqlDataSource source, string holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await source.LinesAsync(holds))[0] != "True")
            await Task.Delay(20, patience.Token);
    }

    private TelemetryWriter Writer(NpgsqlDataSource source) => new(_ => Task.FromResult<LeaderSight?>(null), source, Settings, _time);

    /// <summary>What a leader sees so many seconds after noon of the first day.</summary>
    private LeaderSight SightAt(int second, long bytesOut)
    {
        _time.Now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(second);
        _load = _load.Next(
            Instant.Never + TimeSpan.FromSeconds(second + 1),
            ImmutableSortedDictionary<VipAddress, VipCounters>.Empty.Add(Build.Vip(1), new VipCounters(0, bytesOut, 0, 0, 0)));
        var seen = new Observed { Began = Instant.Never }.With(Build.Name("adc-1"), node => node with { Load = _load });
        return new LeaderSight(Map, seen, null);
    }

    private sealed class Wall(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
