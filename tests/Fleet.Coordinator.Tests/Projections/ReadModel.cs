using System.Text;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Gslb;
using Fleet.Shared.Json;
using Npgsql;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>What the views say, and what they should say of a state: one line for each row.</summary>
internal static class ReadModel
{
    public const string VipColumns =
        "host(address) || ' ' || service || ' ' || coalesce(owner, '-') || ' ' || coalesce(successor, '-') || ' [' || array_to_string(standbys, ',') "
        + "|| '] ' || phase || ' ' || reason || ' ' || revision";

    private const string NodeColumns =
        "name || ' ' || state || ' ' || presence || ' ' || intent || ' ' || site || ' ' || capacity_bps || ' ' || weight";

    private const string GslbColumns = "service || ' ' || name || ' ' || type || ' ' || data || ' ' || ttl_seconds || ' ' || weight || ' ' || site";

    /// <summary>Every view that says what is now equals the map.</summary>
    public static async Task ShouldEqualAsync(this NpgsqlDataSource source, FleetState state)
    {
        (await source.LinesAsync("select revision || '' from fleet.position")).ShouldBe([$"{state.Map.Version.Revision}"]);
        (await source.LinesAsync($"select {VipColumns} from fleet.vip order by address")).ShouldBe(Vips(state));
        (await source.LinesAsync($"select {NodeColumns} from fleet.node order by name collate \"C\"")).ShouldBe(Nodes(state));
        (await source.LinesAsync("select name || ' ' || vips || ' ' || demand_bps from fleet.service order by name collate \"C\""))
            .ShouldBe(state.Map.Services.Values.Select(s => $"{s.Name} {s.Vips.Length} {s.DemandBps}"));
        (await source.LinesAsync("select service || '/' || name || ' ' || verdict || ' ' || weight from fleet.backend order by 1"))
            .ShouldBe(state.Map.Services.Values
                .SelectMany(s => s.Pool.Backends.Select(b => $"{s.Name}/{b.Name} {Kebab.Word(state.Map.VerdictOf(s.Name, b.Name))} {b.Weight}"))
                .Order(StringComparer.Ordinal));
        (await source.LinesAsync($"select {GslbColumns} from fleet.gslb_record where service is not null")).Order(StringComparer.Ordinal)
            .ShouldBe(Gslb(state));
        (await source.LinesAsync("select name || ' ' || type || ' ' || count(*) from fleet.gslb_record where service is null group by name, type"))
            .Order(StringComparer.Ordinal).ShouldBe(PlainRecords.ForZone(state.Map.Policy.Zone)
                .Select(s => $"{s.Name} {s.Type.ToString().ToUpperInvariant()} {s.Data.Length}").Order(StringComparer.Ordinal));
    }

    private static string[] Gslb(FleetState state) =>
        [
            .. state.Map.Services.Values
                .SelectMany(service => PresentAnswers.ForService(state.Map, service).Select(a => (Service: service.Name, Answer: a)))
                .Select(one => $"{one.Service} {one.Answer.Name} {one.Answer.Type.ToString().ToUpperInvariant()} {one.Answer.Candidate?.Address} "
                    + $"{one.Answer.Ttl} {one.Answer.Candidate?.Weight} {one.Answer.Candidate?.Site}")
                .Order(StringComparer.Ordinal),
        ];

    public static string[] Vips(FleetState state) =>
        [
            .. state.Map.Vips.Values.Select(v =>
                $"{v.Address} {v.Service} {v.Owner?.Value ?? "-"} {v.Successor?.Value ?? "-"} [{string.Join(',', v.Standbys)}] {Kebab.Word(v.Phase)} "
                + $"{Kebab.Word(v.Reason)} {v.Since}"),
        ];

    private static string[] Nodes(FleetState state) =>
        [
            .. state.Map.Nodes.Values.Select(n =>
            {
                var word = (n.Presence, n.Suspected, n.Intent) switch
                {
                    (Shared.Map.NodePresence.Down, _, _) => "down",
                    (_, true, _) => "suspect",
                    (_, _, Shared.Map.NodeIntent.Active) => "up",
                    (_, _, var intent) => Kebab.Word(intent),
                };
                return $"{n.Name} {word} {Kebab.Word(n.Presence)} {Kebab.Word(n.Intent)} {n.Facts.Site} {n.Facts.CapacityBps} {n.Weight}";
            }),
        ];

    /// <summary>The entries in the database are these, each once, in order.</summary>
    public static async Task ShouldHaveAsync(this NpgsqlDataSource source, IReadOnlyList<JournalEntry> entries)
    {
        await using var connection = await source.OpenConnectionAsync();
        var found = new List<string>();
        await foreach (var entry in Checkpoints.EntriesAsync(connection, 0, long.MaxValue, default))
            found.Add(Text(entry));
        found.ShouldBe(entries.Select(Text));
    }

    /// <summary>Zeros in texts cannot be kept there, nor can parts of a microsecond.</summary>
    private static string Text(JournalEntry entry) =>
        (entry with { At = new DateTimeOffset(entry.At.Ticks / 10 * 10, TimeSpan.Zero) }).Text()
            .Replace("\\u0000", "\uFFFD", StringComparison.Ordinal)
            .Replace("\\uFFFD", "\uFFFD", StringComparison.Ordinal);

    public static async Task<string[]> LinesAsync(this NpgsqlDataSource source, string sql, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        var lines = new List<string>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var line = new StringBuilder();
            for (var i = 0; i < rows.FieldCount; i++)
                line.Append(i > 0 ? " | " : "").Append(rows.IsDBNull(i) ? "-" : rows.GetValue(i));
            lines.Add(line.ToString());
        }

        return [.. lines];
    }
}
