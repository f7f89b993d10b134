using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>What a node reports about the parts of a map that it does not carry.</summary>
/// <param name="Problems">One sentence each.</param>
/// <param name="Unserved">VIPs that it should hold and does not, since their service is left out.</param>
internal sealed record SieveReport(ImmutableArray<string> Problems, ImmutableSortedSet<VipAddress> Unserved)
{
    public static readonly SieveReport Clean = new([], []);

    /// <summary>This report with further problems.</summary>
    public SieveReport With(IReadOnlyCollection<string> more) =>
        more.Count == 0 ? this : this with { Problems = [.. Problems.Concat(more.Select(MapSieve.Cut)).Take(NodeMessageRules.ProblemsMax)] };

    /// <summary>The heartbeat with this report: VIPs that nobody serves must not pass for served.</summary>
    public NodeMessage.Heartbeat On(NodeMessage.Heartbeat beat) => Problems.IsEmpty
        ? beat
        : beat with { Missing = Unserved.IsEmpty ? beat.Missing : [.. beat.Missing.Union(Unserved).Order()], Problems = Problems };
}

/// <summary>
/// Removes the services that this node cannot carry from maps and changes, before anything else sees them: those that break the rules or cannot be
/// read, with their VIPs. Everything else passes. The sieve follows the leader's messages in order, over all links, and is told what could not be
/// read.
/// </summary>
internal sealed class MapSieve(NodeName me)
{
    private readonly SortedDictionary<ServiceName, string> _leftOut = [];
    private readonly Dictionary<VipAddress, VipEntry> _withheld = [];
    private readonly Dictionary<VipAddress, VipEntry> _carried = [];
    private string? _policy;

    public SieveReport Report { get; private set; } = SieveReport.Clean;

    /// <summary>The whole map, or an empty one where nothing of it can be used.</summary>
    /// <param name="unread">Its services that could not be read.</param>
    public FleetMap Sift(FleetMap map, ImmutableArray<LeftOut> unread)
    {
        _leftOut.Clear();
        _withheld.Clear();
        _carried.Clear();
        _policy = null;
        if (MapRules.Unusable(map.Policy) is { } why)
        {
            Report = new SieveReport([Cut($"the whole map: {why}")], []);
            return FleetMap.Empty;
        }

        foreach (var left in unread.Concat(MapRules.Mistakes(map.Services.Values)))
            _leftOut[left.Service] = $"{left}";
        Take(map.Vips.Values);
        Tell();
        return _leftOut.Count == 0
            ? map
            : map with { Services = map.Services.RemoveRange(_leftOut.Keys), Vips = map.Vips.RemoveRange(_withheld.Keys) };
    }

    /// <inheritdoc cref="Sift(FleetMap, ImmutableArray{LeftOut})"/>
    public MapDelta Sift(MapDelta change, ImmutableArray<LeftOut> unread)
    {
        if (change.Policy is not null)
        {
            _policy = MapRules.Unusable(change.Policy);
            change = _policy is null ? change : change with { Policy = null };
            Tell();
        }

        var bad = unread.Concat(MapRules.Mistakes(change.Services)).ToDictionary(left => left.Service, left => $"{left}");
        if (bad.Count == 0 && _leftOut.Count == 0)
        {
            Drop(change.VipsGone);
            Take(change.Vips);
            return change;
        }

        var good = change.Services.Where(s => !bad.ContainsKey(s.Name)).ToImmutableArray();
        // Withheld VIPs come back with their service, once that can be carried.
        var back = _withheld.Values.Where(vip => good.Any(s => s.Name == vip.Service)).ToArray();
        var gone = _carried.Values.Where(vip => bad.ContainsKey(vip.Service)).ToArray();
        foreach (var (name, why) in bad)
            _leftOut[name] = why;
        foreach (var name in change.ServicesGone.Concat(good.Select(s => s.Name)))
            _leftOut.Remove(name);
        // The newest word on each VIP counts.
        var vips = back
            .Concat(gone)
            .Concat(change.Vips)
            .GroupBy(vip => vip.Address)
            .Select(same => same.Last())
            .Where(vip => !change.VipsGone.Contains(vip.Address))
            .ToArray();
        Drop([.. change.VipsGone, .. vips.Select(vip => vip.Address)]);
        Take(vips);
        Tell();
        return change with
        {
            Services = good,
            ServicesGone = [.. change.ServicesGone.Union(bad.Keys)],
            Vips = [.. vips.Where(vip => _carried.ContainsKey(vip.Address)).OrderBy(vip => vip.Address)],
            VipsGone = [.. change.VipsGone.Union(_withheld.Keys).Order()],
        };
    }

    private void Take(IEnumerable<VipEntry> vips)
    {
        foreach (var vip in vips)
            (_leftOut.ContainsKey(vip.Service) ? _withheld : _carried)[vip.Address] = vip;
    }

    private void Drop(ImmutableArray<VipAddress> vips)
    {
        foreach (var address in vips)
        {
            _withheld.Remove(address);
            _carried.Remove(address);
        }
    }

    private void Tell() => Report = _leftOut.Count == 0 && _policy is null
        ? SieveReport.Clean
        : new SieveReport(
            [
                .. (_policy is null ? [] : new[] { $"the new policy: {_policy}" })
                    .Concat(_leftOut.Values)
                    .Take(NodeMessageRules.ProblemsMax - 1)
                    .Select(Cut),
            ],
            [.. _withheld.Values.Where(vip => vip.HeldBy(me)).Select(vip => vip.Address)]);

    internal static string Cut(string text)
    {
        var plain = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return plain.Length <= NodeMessageRules.ProblemMax ? plain : plain[..(NodeMessageRules.ProblemMax - 3)] + "...";
    }
}
