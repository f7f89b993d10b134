using System.Collections.Immutable;
using Fleet.Coordinator.Api;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Projections.Rows;
using Fleet.Shared.Json;
using static NpgsqlTypes.NpgsqlDbType;

namespace Fleet.Coordinator.Projections;

/// <summary>The tables that follow the journal, and what goes into their columns. infra/postgres/fleet says what the columns are.</summary>
internal static class Tables
{
    private const NpgsqlTypes.NpgsqlDbType Flag = NpgsqlTypes.NpgsqlDbType.Boolean;
    private const NpgsqlTypes.NpgsqlDbType Texts = NpgsqlTypes.NpgsqlDbType.Array | Text;

    public static readonly Table Entry = new("entry", 1,
        ("revision", Bigint), ("term", Bigint), ("at", TimestampTz), ("effective_at", TimestampTz),
        ("by_name", Text), ("by_proof", Text), ("by_address", Text));

    public static readonly Table Event = new("event", 2,
        ("revision", Bigint), ("ordinal", Integer), ("who", Text), ("what", Text), ("subject", Texts), ("why", Text), ("sentence", Text),
        ("detail", Jsonb));

    public static readonly Table Vip = new("vip", 1,
        ("address", Inet), ("from_revision", Bigint), ("to_revision", Bigint), ("from_at", TimestampTz), ("to_at", TimestampTz),
        ("service", Text), ("site", Text), ("owner", Text), ("successor", Text), ("standbys", Texts), ("phase", Text), ("reason", Text),
        ("since_revision", Bigint), ("demand_bps", Bigint), ("demand_cps", Bigint));

    public static readonly Table Node = new("node", 1,
        ("name", Text), ("from_revision", Bigint), ("to_revision", Bigint), ("from_at", TimestampTz), ("to_at", TimestampTz),
        ("state", Text), ("presence", Text), ("intent", Text), ("suspected", Flag), ("site", Text), ("domain", Text), ("segment", Text),
        ("capacity_bps", Bigint), ("connections_max", Integer), ("witnesses", Texts), ("dns_address", Text), ("api_address", Text));

    public static readonly Table Service = new("service", 1,
        ("name", Text), ("revision", Bigint), ("at", TimestampTz), ("dns_name", Text), ("ttl_seconds", Integer), ("answer", Text), ("site", Text),
        ("segment", Text), ("vips", Integer), ("backends", Integer), ("balance", Text), ("all_down", Text), ("demand_bps", Bigint),
        ("demand_cps", Bigint), ("drain_timeout_ms", Integer), ("definition", Jsonb));

    public static readonly Table Backend = new("backend", 2,
        ("service", Text), ("name", Text), ("revision", Bigint), ("at", TimestampTz), ("address", Inet), ("port", Integer), ("site", Text),
        ("weight", Integer), ("verdict", Text), ("feedback_percent", Integer));

    public static readonly Table Gslb = new("gslb_record", 4,
        ("service", Text), ("name", Text), ("type", Text), ("data", Text), ("ttl_seconds", Integer), ("revision", Bigint), ("at", TimestampTz),
        ("weight", Integer), ("node", Text), ("site", Text));

    public static readonly Table Weight = new("node_weight", 1, ("node", Text), ("weight", Integer), ("revision", Bigint), ("at", TimestampTz));

    public static readonly Table Move = new("plan_move", 1,
        ("vip", Inet), ("began_revision", Bigint), ("began_at", TimestampTz), ("service", Text), ("from_node", Text), ("to_node", Text),
        ("reason", Text), ("planned", Flag), ("ended_revision", Bigint), ("ended_at", TimestampTz), ("outcome", Text));

    /// <summary>Those that say what is now, and nothing of what was.</summary>
    public static readonly ImmutableArray<Table> Present = [Service, Backend, Gslb, Weight];

    public static object?[] Row(JournalEntry e, DateTimeOffset effectiveAt) =>
        [e.Revision, e.Term, e.At, effectiveAt, e.By.Name, Kebab.Word(e.By.Proof), e.By.From?.ToString()];

    public static object?[] Row(JournalEntry entry, EventRow e) =>
        [
            e.Revision, e.Ordinal, EventWords.By(entry, e.Event).ToString(), EventWords.Kind(e.Event), e.Subject.ToArray(), e.Why,
            EventWords.Text(e.Event), RowJson.Write(e.Event),
        ];

    public static object?[] Row(VipRow v, Stretch when) =>
        [
            v.Address, when.From.Revision, when.To?.Revision, when.From.At, when.To?.At, v.Service, v.Site, v.Owner, v.Successor,
            v.Standbys.ToArray(), v.Phase, v.Reason, v.Since, v.DemandBps, v.DemandCps,
        ];

    public static object?[] Row(NodeRow n, Stretch when) =>
        [
            n.Name, when.From.Revision, when.To?.Revision, when.From.At, when.To?.At, n.State, n.Presence, n.Intent, n.Suspected,
            n.Facts.Site.Value, n.Facts.Domain.Value, n.Facts.Segment, n.Facts.CapacityBps, n.Facts.ConnectionsMax, n.Witnesses.ToArray(),
            n.Facts.DnsAddress.ToString(), n.Facts.ApiAddress.ToString(),
        ];

    public static object?[] Row(ServiceRow row, Moment at) => row.Service switch
    {
        var s =>
        [
            s.Name.Value, at.Revision, at.At, row.DnsName, row.TtlSeconds, Kebab.Word(s.Gslb.Answer), s.Site?.Value, s.Segment, s.Vips.Length,
            s.Pool.Backends.Length, Kebab.Word(s.Pool.Balance), Kebab.Word(s.Pool.AllDown), s.DemandBps, (long)s.DemandCps, s.DrainTimeoutMs,
            RowJson.Write(s),
        ],
    };

    public static object?[] Row(BackendRow b, Moment at) =>
        [
            b.Key.Service.Value, b.Key.Backend, at.Revision, at.At, b.Backend.Address.Address, b.Backend.Address.Port, b.Backend.Site?.Value,
            b.Backend.Weight, b.Verdict, b.FeedbackPercent,
        ];

    public static object?[] Row(GslbRow g, Moment at) =>
        [g.Key.Service, g.Key.Name, g.Key.Type, g.Key.Data, g.TtlSeconds, at.Revision, at.At, g.Weight, g.Node, g.Site];

    public static object?[] Row(WeightRow w, Moment at) => [w.Node, w.Weight, at.Revision, at.At];

    public static object?[] Row(MoveRow m, Stretch when) =>
        [
            m.Vip, when.From.Revision, when.From.At, m.Service, m.From, m.To, m.Reason, m.Planned, when.To?.Revision, when.To?.At, m.Outcome,
        ];
}
