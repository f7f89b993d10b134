using System.Collections.Immutable;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Projections.Rows;

/// <summary>What a VIP on a node, or a whole node, carried in one minute.</summary>
/// <param name="Vip">Empty for the whole node.</param>
/// <param name="Seconds">How much of the minute was seen.</param>
/// <param name="ActiveMax">Most connections open at once.</param>
/// <param name="BpsMax">The highest rate between two heartbeats with counters, both ways.</param>
internal sealed record MinuteRow(
    DateTimeOffset Minute,
    string Node,
    string Vip,
    string? Service,
    double Seconds,
    long BytesIn,
    long BytesOut,
    long Connections,
    long Requests,
    long ActiveMax,
    double BpsMax)
{
    public bool IsIdle => Vip.Length > 0 && BytesIn + BytesOut + Connections + Requests + ActiveMax == 0;

    public MinuteRow Plus(VipCounters grown, double seconds, double bps) => this with
    {
        Seconds = Seconds + seconds,
        BytesIn = BytesIn + grown.BytesIn,
        BytesOut = BytesOut + grown.BytesOut,
        Connections = Connections + grown.Connections,
        Requests = Requests + grown.Requests,
        ActiveMax = Math.Max(ActiveMax, grown.Active),
        BpsMax = Math.Max(BpsMax, bps),
    };
}

/// <summary>
/// Rolls the counters that nodes report up to minutes. It keeps the counters it saw last, so that looking seldom loses nothing. A VIP that idles in a
/// minute has no row in it; a node that is heard always has.
/// </summary>
internal sealed class MinuteBook
{
    private readonly Dictionary<NodeName, NodeLoad> _last = [];
    private readonly Dictionary<(NodeName Node, string Vip), MinuteRow> _rows = [];
    private DateTimeOffset _minute;

    /// <summary>Takes what the leader sees now; returns the rows of the minute before, once it is over.</summary>
    public ImmutableArray<MinuteRow> Look(FleetMap map, Observed observed, DateTimeOffset now)
    {
        var minute = new DateTimeOffset(now.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
        ImmutableArray<MinuteRow> over = [];
        if (minute != _minute)
        {
            over = Take();
            _minute = minute;
        }

        foreach (var (node, seen) in observed.Nodes)
            Add(map, node, seen.Load);
        return over;
    }

    /// <summary>
    /// This coordinator leads no more: returns what it has of the minute that is not over, and forgets the counters, since what they grow by from now
    /// on is the next leader's to count.
    /// </summary>
    public ImmutableArray<MinuteRow> Leave()
    {
        _last.Clear();
        return Take();
    }

    private ImmutableArray<MinuteRow> Take()
    {
        ImmutableArray<MinuteRow> rows =
        [
            .. _rows.Values.Where(row => !row.IsIdle)
                .OrderBy(row => row.Node, StringComparer.Ordinal)
                .ThenBy(row => row.Vip, StringComparer.Ordinal),
        ];
        _rows.Clear();
        return rows;
    }

    private void Add(FleetMap map, NodeName node, NodeLoad load)
    {
        var before = _last.GetValueOrDefault(node);
        _last[node] = load;
        if (before is null || before.At == Instant.Never || load.At <= before.At)
            return;
        var seconds = (load.At - before.At).TotalSeconds;
        var all = VipCounters.Zero;
        foreach (var (vip, counters) in load.Counters)
        {
            var grown = Grown(before.Counters.GetValueOrDefault(vip), counters);
            all = new VipCounters(
                all.BytesIn + grown.BytesIn, all.BytesOut + grown.BytesOut, all.Connections + grown.Connections, all.Requests + grown.Requests,
                all.Active + grown.Active);
            Add(node, vip.ToString(), map.Vips.GetValueOrDefault(vip)?.Service.Value, grown, seconds, load.BitsPerSecond.GetValueOrDefault(vip));
        }

        Add(node, "", null, all, seconds, load.TotalBitsPerSecond);
    }

    private void Add(NodeName node, string vip, string? service, VipCounters grown, double seconds, double bps)
    {
        var row = _rows.GetValueOrDefault((node, vip)) ?? new MinuteRow(_minute, node.Value, vip, service, 0, 0, 0, 0, 0, 0, 0);
        _rows[(node, vip)] = row.Plus(grown, seconds, bps);
    }

    /// <summary>Counters that are less than before belong to a data plane that was started anew; a VIP that is new there began at zero.</summary>
    private static VipCounters Grown(VipCounters? before, VipCounters now) => before is null || now.BytesIn < before.BytesIn
            || now.BytesOut < before.BytesOut || now.Connections < before.Connections || now.Requests < before.Requests
        ? now
        : new VipCounters(
            now.BytesIn - before.BytesIn,
            now.BytesOut - before.BytesOut,
            now.Connections - before.Connections,
            now.Requests - before.Requests,
            now.Active);
}
