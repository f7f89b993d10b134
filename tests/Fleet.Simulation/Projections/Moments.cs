using System.Collections.Immutable;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Json;
using Fleet.Shared.Map;

namespace Fleet.Simulation.Projections;

/// <summary>
/// What a journal's map said at any moment, told by folding it, without anything of the read model: all entries up to the first one that is later
/// than the moment. Lines are as <see cref="VipSql"/> and <see cref="NodeSql"/> write them.
/// </summary>
internal sealed class Moments
{
    public const string VipSql =
        """
        select host(address) || ' ' || service || ' ' || coalesce(site, '-') || ' ' || coalesce(owner, '-') || ' ' || coalesce(successor, '-') || ' ['
            || array_to_string(standbys, ',') || '] ' || phase || ' ' || reason || ' ' || revision || ' '
            || coalesce(round(extract(epoch from since) * 1000000)::bigint::text, '-')
        from fleet.vip_at($1) order by address
        """;

    public const string NodeSql =
        """
        select name || ' ' || presence || ' ' || intent || ' ' || suspected || ' ' || site || ' ' || domain || ' ' || coalesce(segment, '-') || ' '
            || capacity_bps
        from fleet.node_at($1) order by name collate "C"
        """;

    private readonly ImmutableArray<JournalEntry> _entries;
    private readonly ImmutableArray<FleetMap> _after;

    public Moments(ImmutableArray<JournalEntry> entries)
    {
        _entries = entries;
        var (state, after) = (FleetState.Empty, ImmutableArray.CreateBuilder<FleetMap>(entries.Length));
        foreach (var entry in entries)
            after.Add((state = Evolver.Evolve(state, entry)).Map);
        _after = after.ToImmutable();
    }

    public IEnumerable<DateTimeOffset> Times => _entries.Select(entry => entry.At);

    /// <summary>The revision of a moment; 0 before the first entry.</summary>
    public long RevisionAt(DateTimeOffset moment)
    {
        var count = 0;
        while (count < _entries.Length && _entries[count].At <= moment)
            count++;
        return count;
    }

    public string[] VipsAt(DateTimeOffset moment) => At(moment) is not { } map ? [] :
        [
            .. map.Vips.Values.Select(vip =>
                $"{vip.Address} {vip.Service} {Word(vip.Site)} {Word(vip.Owner)} {Word(vip.Successor)} [{string.Join(',', vip.Standbys)}] "
                + $"{Kebab.Word(vip.Phase)} {Kebab.Word(vip.Reason)} {vip.Since} {Since(vip)}"),
        ];

    public string[] NodesAt(DateTimeOffset moment) => At(moment) is not { } map ? [] :
        [
            .. map.Nodes.Values.Select(node =>
                $"{node.Name} {Kebab.Word(node.Presence)} {Kebab.Word(node.Intent)} {(node.Suspected ? "true" : "false")} {node.Facts.Site} "
                + $"{node.Facts.Domain} {node.Facts.Segment ?? "-"} {node.Facts.CapacityBps}"),
        ];

    private static string Word<T>(T? name)
        where T : struct => name?.ToString() ?? "-";

    private FleetMap? At(DateTimeOffset moment) => RevisionAt(moment) is > 0 and var revision ? _after[(int)revision - 1] : null;

    /// <summary>When its last change was written, in microseconds since 1970.</summary>
    private string Since(VipEntry vip) =>
        vip.Since == 0 ? "-" : $"{(_entries[(int)vip.Since - 1].At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}";
}
