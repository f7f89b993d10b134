using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Core;

/// <summary>
/// Commands that may break the protection wait here while their consequences are planned and proved elsewhere. The result judges the fleet as it was
/// then: if something that matters has changed since, the command is judged anew, a few times.
/// </summary>
internal sealed class ProtectionGate
{
    public const int TriesMax = 3;

    private readonly Dictionary<long, Case> _open = [];
    private long _tickets;

    /// <summary>May this command make some failure too much for a survivor? A fleet without nodes, or without VIPs, has nothing to break.</summary>
    public static bool Concerns(Command command, FleetState before, FleetState after) =>
        !after.Map.Vips.IsEmpty
        && before.Map.Nodes.Values.Any(n => n.Presence == NodePresence.Up)
        && command switch
        {
            Command.ApplyService c =>
                Weighs(before.Map.Services.GetValueOrDefault(c.Service.Name), after.Map.Services.GetValueOrDefault(c.Service.Name)),
            Command.Intend c => c.Intent != NodeIntent.Active && before.Map.Nodes[c.Node].Presence == NodePresence.Up,
            Command.SetPolicy =>
                before.Map.Policy.Protection != after.Map.Policy.Protection || before.Map.Policy.Placement != after.Map.Policy.Placement,
            _ => false,
        };

    public LeaderWork.CompareProtection Ask(LeaderInput.Asked asked, int tries, PlanRequest before, FleetMap after)
    {
        _open[++_tickets] = new Case(asked, tries, before.Number);
        return new LeaderWork.CompareProtection(_tickets, before, before with { Map = after });
    }

    public Case? Take(long ticket) => _open.Remove(ticket, out var found) ? found : null;

    /// <summary>What becomes of a decision that has been judged.</summary>
    public static Decision Rule(Decision.Accepted decision, LeaderInput.ProtectionCompared judged, FleetPolicy policy, bool force)
    {
        var breach = judged.Comparison is { } judgement
            ? judgement.Breach is { } found ? $"the protection, that {ProtectionWords.Wanted(policy.Protection)}, would not hold: {found}" : null
            : $"whether the protection would hold cannot be told: {judged.Failure}.";
        if (breach is null)
            return decision;
        return force
            ? new Decision.Accepted(decision.Events.Add(new FleetEvent.ProtectionOverridden(breach)), $"{decision.Text} Forced, though {breach}")
            : Decision.Refuse(RefusalKind.Conflict, $"With this, {breach} To do it all the same: pbm ... --force.");
    }

    private static bool Weighs(Service? before, Service? after) =>
        after is not null
        && (before is null || before.Site != after.Site || before.Segment != after.Segment || before.DemandBps != after.DemandBps
            || before.DemandCps != after.DemandCps
            || !before.Vips.SequenceEqual(after.Vips) || !Bound(before).SequenceEqual(Bound(after)));

    private static IEnumerable<(SiteName Site, VipAddress Vip)> Bound(Service service) =>
        service.SiteVips.SelectMany(site => site.Value.Order().Select(vip => (site.Key, vip)));

    /// <param name="Tries">How often it has been judged, this time included.</param>
    /// <param name="Changes">The changes that mattered until then.</param>
    public sealed record Case(LeaderInput.Asked Asked, int Tries, long Changes);
}
