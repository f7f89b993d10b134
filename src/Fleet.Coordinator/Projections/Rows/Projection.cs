using System.Collections.Immutable;
using System.Net;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Json;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Projections.Rows;

/// <summary>What an entry changes in the read model. Only what the entry touches is looked at, however large the fleet is.</summary>
internal static class Projection
{
    public const string Moving = "moving";
    public const string Moved = "moved";
    public const string CalledOff = "called-off";
    public const string Overtaken = "overtaken";
    public const string Removed = "removed";

    /// <summary>The state after the entry, and the rows that differ then.</summary>
    public static (FleetState State, ProjectedEntry Rows) Project(FleetState state, JournalEntry entry)
    {
        var (next, touched) = Evolver.Apply(state, Readmission.Whole(entry));
        var (before, after) = (state.Map, next.Map);
        var vips = touched.Order()
            .Select(address => (Before: before.Vips.GetValueOrDefault(address), After: after.Vips.GetValueOrDefault(address)))
            .Where(vip => !ReferenceEquals(vip.Before, vip.After))
            .ToArray();
        var nodes = ChangedNodes(before, after);
        var services = ChangedServices(before, after);
        var moves = vips.Select(vip => Moves(vip.Before, vip.After)).ToArray();
        return (next, new ProjectedEntry(entry)
        {
            Events = EventRows.Create(entry),
            Vips = [.. vips.Where(IsNews).Select(vip => (Address(vip), vip.After is null ? null : RowMaker.Vip(vip.After)))],
            Nodes = [.. nodes.Select(n => (n.Value, NodeRow(after, n)))],
            Services = [.. services.Select(s => (s.Value, RowMaker.Service(after, s)))],
            Backends = Difference(
                services.Union(ChangedBackends(before, after)), s => RowMaker.Backends(before, s), s => RowMaker.Backends(after, s), r => r.Key),
            Gslb =
            [
                .. Difference(
                    Answered(state, next, vips, nodes, services), s => RowMaker.Gslb(before, s), s => RowMaker.Gslb(after, s), r => r.Key),
                .. ReferenceEquals(before.Policy, after.Policy) ? [] : Difference(RowMaker.Plain(before), RowMaker.Plain(after), r => r.Key),
            ],
            Weights = ChangedWeights(before, after),
            EndedMoves = [.. moves.Select(m => m.Ended).OfType<(IPAddress, string)>()],
            Moves = [.. moves.SelectMany(m => m.Begun)],
        });
    }

    /// <summary>All there is, as if the entry had made it out of nothing.</summary>
    public static ProjectedEntry Whole(FleetState state, JournalEntry entry) => new(entry)
    {
        Vips = [.. state.Map.Vips.Values.Select(vip => (vip.Address.Value, (VipRow?)RowMaker.Vip(vip)))],
        Nodes = [.. state.Map.Nodes.Values.Select(node => (node.Name.Value, (NodeRow?)RowMaker.Node(node)))],
        Services = [.. state.Map.Services.Keys.Select(s => (s.Value, RowMaker.Service(state.Map, s)))],
        Backends = [.. state.Map.Services.Keys.SelectMany(s => RowMaker.Backends(state.Map, s)).Select(r => (r.Key, (BackendRow?)r))],
        Gslb =
        [
            .. state.Map.Services.Keys.SelectMany(s => RowMaker.Gslb(state.Map, s)).Concat(RowMaker.Plain(state.Map))
                .Select(r => (r.Key, (GslbRow?)r)),
        ],
        Weights = [.. state.Map.Nodes.Values.Select(node => (node.Name.Value, (WeightRow?)RowMaker.Weight(node)))],
        Moves =
        [
            .. state.Map.Vips.Values.Where(vip => vip.Successor is not null)
                .Select(vip => Move(vip, vip.Owner, vip.Successor!.Value, true, Moving)),
        ],
    };

    private static IPAddress Address((VipEntry? Before, VipEntry? After) vip) => (vip.After ?? vip.Before)!.Address.Value;

    private static NodeRow? NodeRow(FleetMap map, NodeName name) =>
        map.Nodes.GetValueOrDefault(name) is { } node ? RowMaker.Node(node) : null;

    /// <summary>The rows of some services that differ; a row that is null is gone.</summary>
    private static ImmutableArray<(TKey Key, TRow? Row)> Difference<TKey, TRow>(
        IEnumerable<ServiceName> services,
        Func<ServiceName, ImmutableArray<TRow>> before,
        Func<ServiceName, ImmutableArray<TRow>> after,
        Func<TRow, TKey> keyOf)
        where TKey : notnull
        where TRow : class =>
        [.. services.SelectMany(service => Difference(before(service), after(service), keyOf))];

    private static ImmutableArray<(TKey Key, TRow? Row)> Difference<TKey, TRow>(
        ImmutableArray<TRow> before, ImmutableArray<TRow> after, Func<TRow, TKey> keyOf)
        where TKey : notnull
        where TRow : class
    {
        var old = before.ToDictionary(keyOf);
        var changes = ImmutableArray.CreateBuilder<(TKey, TRow?)>();
        foreach (var row in after)
        {
            if (!old.Remove(keyOf(row), out var known) || !known.Equals(row))
                changes.Add((keyOf(row), row));
        }

        changes.AddRange(old.Keys.Select(key => (key, (TRow?)null)));
        return changes.ToImmutable();
    }

    /// <summary>Measured demand comes and goes; it has no column.</summary>
    private static bool IsNews((VipEntry? Before, VipEntry? After) vip) =>
        vip is not ({ } before, { } after)
            || !before.Standbys.SequenceEqual(after.Standbys)
            || before with { Standbys = after.Standbys, MeasuredBps = after.MeasuredBps, MeasuredCps = after.MeasuredCps } != after;

    /// <summary>Nor is a node's weight in DNS, which follows its load, in its history.</summary>
    private static bool IsNews(NodeEntry? before, NodeEntry? after) =>
        before is null
            || after is null
            || !before.Witnesses.SequenceEqual(after.Witnesses)
            || before with { Witnesses = after.Witnesses, Weight = after.Weight } != after;

    private static ImmutableSortedSet<NodeName> ChangedNodes(FleetMap before, FleetMap after) => ReferenceEquals(before.Nodes, after.Nodes)
        ? []
        : [.. before.Nodes.Keys.Union(after.Nodes.Keys).Where(n => IsNews(before.Nodes.GetValueOrDefault(n), after.Nodes.GetValueOrDefault(n)))];

    private static ImmutableArray<(string Node, WeightRow? Row)> ChangedWeights(FleetMap before, FleetMap after) =>
        ReferenceEquals(before.Nodes, after.Nodes)
            ? []
            :
            [
                .. before.Nodes.Keys.Union(after.Nodes.Keys)
                    .Where(n => before.Nodes.GetValueOrDefault(n)?.Weight != after.Nodes.GetValueOrDefault(n)?.Weight)
                    .Select(n => (n.Value, after.Nodes.GetValueOrDefault(n) is { } node ? RowMaker.Weight(node) : null)),
            ];

    /// <summary>Where their names lie and how long answers last is the zone's affair too.</summary>
    private static ImmutableSortedSet<ServiceName> ChangedServices(FleetMap before, FleetMap after)
    {
        var (old, now) = (before.Services, after.Services);
        if (!ReferenceEquals(before.Policy, after.Policy))
            return [.. old.Keys, .. now.Keys];
        return ReferenceEquals(old, now)
            ? []
            : [.. old.Keys.Union(now.Keys).Where(s => !ReferenceEquals(old.GetValueOrDefault(s), now.GetValueOrDefault(s)))];
    }

    private static IEnumerable<ServiceName> ChangedBackends(FleetMap before, FleetMap after) =>
        Changed(before.Verdicts, after.Verdicts).Concat(Changed(before.Feedback, after.Feedback));

    private static IEnumerable<ServiceName> Changed<T>(
        ImmutableSortedDictionary<BackendKey, T> before, ImmutableSortedDictionary<BackendKey, T> after) =>
        ReferenceEquals(before, after) ? [] : before.Except(after).Concat(after.Except(before)).Select(b => b.Key.Service);

    /// <summary>Services that DNS may answer otherwise: what the entry touches, and what lies on nodes or in sites that it touches.</summary>
    private static ImmutableSortedSet<ServiceName> Answered(
        FleetState before,
        FleetState after,
        (VipEntry? Before, VipEntry? After)[] vips,
        ImmutableSortedSet<NodeName> nodes,
        ImmutableSortedSet<ServiceName> services)
    {
        if (!ReferenceEquals(before.Map.Sites, after.Map.Sites))
            return [.. services, .. before.Map.Services.Keys, .. after.Map.Services.Keys];
        var onNodes = nodes.SelectMany(n => before.Vips.OwnedBy(n).Union(after.Vips.OwnedBy(n)))
            .Select(vip => after.Map.Vips.GetValueOrDefault(vip)?.Service)
            .OfType<ServiceName>();
        return
        [
            .. services,
            .. onNodes,
            .. vips.Where(IsNews).Select(vip => (vip.After ?? vip.Before)!.Service),
            .. ChangedBackends(before.Map, after.Map),
        ];
    }

    /// <summary>What became of the move that was on its way, and which one began.</summary>
    private static ((IPAddress, string)? Ended, IEnumerable<MoveRow> Begun) Moves(VipEntry? before, VipEntry? after)
    {
        var address = (after ?? before)!.Address.Value;
        var wasMoving = before?.Successor;
        var hasNewOwner = after?.Owner is not null && after.Owner != before?.Owner;
        var goesOn = wasMoving is not null && after?.Successor == wasMoving && after?.Owner == before!.Owner;
        (IPAddress, string)? ended = wasMoving is null || goesOn ? null : (address, (after, hasNewOwner) switch
        {
            (null, _) => Removed,
            (_, true) => after.Owner == wasMoving ? Moved : Overtaken,
            ({ Owner: null }, _) => Overtaken,
            _ => CalledOff,
        });
        var begun = new List<MoveRow>();
        if (hasNewOwner && ended is not (_, Moved))
            begun.Add(Move(after!, before?.Owner, after!.Owner!.Value, false, Moved));
        if (after?.Successor is { } successor && !goesOn)
            begun.Add(Move(after, after.Owner, successor, true, Moving));
        return (ended, begun);
    }

    private static MoveRow Move(VipEntry vip, NodeName? from, NodeName to, bool planned, string outcome) =>
        new(vip.Address.Value, vip.Service.Value, from?.Value, to.Value, Kebab.Word(vip.Reason), planned, outcome);
}
