using System.Collections.Immutable;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Planning;

/// <summary>
/// Names the standby of every VIP so that the VIPs of one node, should it die, go to all the others in equal parts. A standby that is still good is kept. Where a
/// failure domain is to be survived, standbys lie in other domains than their owner; otherwise all survivors share.
/// </summary>
public static class Standbys
{
    public static IEnumerable<FleetEvent> Name(FleetState state, Observed observed, Instant now)
    {
        var map = state.Map;
        var ledger = new Ledger(map, observed.StandsBy);
        var changes = map.Vips.Values
            .Where(v => v.Destination is not null)
            .GroupBy(v => v.Destination!.Value)
            .OrderBy(g => g.Key)
            .SelectMany(group => OfOwner(map, ledger, group.Key, [.. group]))
            .ToImmutableArray();
        if (changes.Length > 0)
            yield return new FleetEvent.StandbysNamed(changes);
    }

    private static IEnumerable<VipStandbys> OfOwner(FleetMap map, Ledger ledger, NodeName owner, ImmutableArray<VipEntry> vips)
    {
        var peers = Peers(map, ledger, owner);
        var inherited = peers.ToDictionary(p => p, _ => 0);
        var most = peers.Length == 0 ? 0 : (vips.Length + peers.Length - 1) / peers.Length;
        var open = new List<VipEntry>();
        foreach (var vip in vips)
        {
            if (vip.Standbys is [var standby] && inherited.TryGetValue(standby, out var count) && count < most && ledger.Eligible(vip).Contains(standby))
                inherited[standby] = count + 1;
            else
                open.Add(vip);
        }

        foreach (var vip in open)
        {
            var eligible = ledger.Eligible(vip).Where(inherited.ContainsKey).ToArray();
            ImmutableArray<NodeName> standbys = eligible.Length == 0
                ? []
                : [eligible.MinBy(p => (inherited[p], Math.Round(ledger.UtilisationWith(p, vip), 9), p))];
            foreach (var standby in standbys)
                inherited[standby]++;
            if (!vip.Standbys.SequenceEqual(standbys))
                yield return new VipStandbys(vip.Address, standbys);
        }
    }

    private static ImmutableArray<NodeName> Peers(FleetMap map, Ledger ledger, NodeName owner)
    {
        var others = ledger.Nodes.Where(n => n != owner).ToImmutableArray();
        if (map.Policy.Protection.Domains == 0 || !map.Nodes.TryGetValue(owner, out var node))
            return others;
        var elsewhere = others.Where(n => map.Nodes[n].Facts.Domain != node.Facts.Domain || map.Nodes[n].Facts.Site != node.Facts.Site).ToImmutableArray();
        return elsewhere.IsEmpty ? others : elsewhere;
    }
}
