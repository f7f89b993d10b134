using System.Collections.Immutable;
using System.Net.NetworkInformation;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Conflicts;

/// <summary>Which VIPs are in conflict now. A conflict is over when nobody has claimed the VIP for three rounds of questions.</summary>
internal sealed class ConflictLedger
{
    /// <summary>Of each VIP the last one who claimed it is named; a thousand VIPs cannot make it grow any further.</summary>
    private ImmutableSortedDictionary<VipAddress, VipConflict> _conflicts = ImmutableSortedDictionary<VipAddress, VipConflict>.Empty;

    public static TimeSpan AgeMax { get; } = 3 * ProbeRound.Period;

    public ImmutableSortedDictionary<VipAddress, VipConflict> Current => _conflicts;

    /// <summary>Notes claims of VIPs that are held here, and returns the conflicts that are new.</summary>
    public ImmutableArray<VipConflict> Note(
        IEnumerable<VipClaim> claims, ImmutableSortedSet<VipAddress> held, IReadOnlySet<PhysicalAddress> own, Instant now)
    {
        var news = ImmutableArray.CreateBuilder<VipConflict>();
        _conflicts = _conflicts.RemoveRange(_conflicts.Values.Where(c => now - c.Seen > AgeMax || !held.Contains(c.Vip)).Select(c => c.Vip));
        foreach (var claim in claims.Where(c => held.Contains(c.Vip) && !own.Contains(c.Mac)))
        {
            var known = _conflicts.GetValueOrDefault(claim.Vip);
            var conflict = new VipConflict(claim.Vip, claim.Mac, known?.Mac.Equals(claim.Mac) == true ? known.Since : now, now);
            _conflicts = _conflicts.SetItem(claim.Vip, conflict);
            if (conflict.Since == now)
                news.Add(conflict);
        }

        return news.ToImmutable();
    }
}
