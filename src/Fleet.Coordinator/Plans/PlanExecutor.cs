using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Plans;

/// <summary>
/// Carries out the prepared plan. Standbys are named at once. Moves begin in the plan's order, as many at a time as the policy allows, and the next
/// ones as earlier ones finish. Nothing moves by plan while a VIP waits to be served. A VIP that has changed hands since the plan was made is left
/// alone: the next plan is on its way.
/// </summary>
internal static class PlanExecutor
{
    /// <summary>
    /// How many go in one entry; the next go with the next reconciliation. A change to every VIP of a large fleet must not hold up heartbeats.
    /// </summary>
    private const int StandbysAtOnceMax = 1000;

    private static readonly TimeSpan ArrivalPatience = TimeSpan.FromSeconds(2);

    public static IEnumerable<FleetEvent> Name(FleetState state, Observed observed, Instant now)
    {
        var due = (observed.Plan?.Standbys ?? [])
            .Where(s => PreparedPlan.IsDue(state.Map, s))
            .Take(StandbysAtOnceMax)
            .Select(s => new VipStandbys(s.Vip, s.Standbys))
            .ToImmutableArray();
        if (due.Length > 0)
            yield return new FleetEvent.StandbysNamed(due);
    }

    public static IEnumerable<FleetEvent> Begin(FleetState state, Observed observed, Instant now)
    {
        if (observed.Plan is not { Moves.IsEmpty: false } plan)
            yield break;
        var budget = Budget(state);
        if (budget <= 0 || RecoveryIsUnderWay(state, observed, now))
            yield break;
        var tried = new HashSet<NodeName>();
        var begun = plan.Moves.Where(m => MayBegin(state.Map, observed, m) && MayTry(state, observed, m, tried, now)).Take(budget).ToArray();
        if (begun.Length == 0)
            yield break;
        yield return new FleetEvent.HandoversBegun([.. begun.Select(m => new VipMove(m.Vip, m.To, m.Reason))]);
        yield return new FleetEvent.StandbysNamed([.. begun.Select(m => new VipStandbys(m.Vip, m.Standbys))]);
    }

    /// <summary>A VIP that nobody serves and that some node could take comes first.</summary>
    public static bool RecoveryIsUnderWay(FleetState state, Observed observed, Instant now) => state.Vips.Unsettled.Values.Any(v => v.Phase switch
    {
        VipPhase.Arriving => now - observed.PhaseBegan(v.Address) < ArrivalPatience,
        VipPhase.Unplaced => state.Map.Nodes.Values.Any(n => observed.TakesVips(n) && Ledger.MayLieOn(state.Map, v, n)),
        _ => false,
    });

    private static bool MayBegin(FleetMap map, Observed observed, PreparedMove move) =>
        map.Vips.TryGetValue(move.Vip, out var vip)
        && vip is { Phase: VipPhase.Serving, Successor: null }
        && vip.Owner == move.From
        && Recovery.MayTake(map, observed, vip, move.To);

    /// <summary>
    /// A node that could not hold VIPs of the service is left alone for a while, and then gets a single VIP until it serves that one.
    /// </summary>
    private static bool MayTry(FleetState state, Observed observed, PreparedMove move, HashSet<NodeName> tried, Instant now)
    {
        var (node, service) = (observed.Node(move.To), state.Map.Vips[move.Vip].Service);
        if (HoldFailures.IsFailing(node, service, now))
            return false;
        return !HoldFailures.IsUnproven(node, service)
            || (!state.Vips.Unsettled.Values.Any(v => v.Service == service && v.Destination == move.To) && tried.Add(move.To));
    }

    private static int Budget(FleetState state) =>
        Math.Max(1, (int)(state.Map.Vips.Count * state.Map.Policy.Placement.MovesInFlightMax))
            - state.Vips.Unsettled.Values.Count(v => v.Successor is not null);
}
