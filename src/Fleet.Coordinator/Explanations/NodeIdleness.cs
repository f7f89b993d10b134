using Fleet.Coordinator.Membership;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Explanations;

/// <summary>Why a node is given nothing.</summary>
/// <param name="Kind">A word for programs, such as <c>flap-damping</c>.</param>
/// <param name="Text">A clause whose subject is the node: "it was lost 3 times of late, ...".</param>
/// <param name="Until">When it ends by itself; null where something has to happen first.</param>
/// <param name="Ends">What ends it, or ends it sooner, in a sentence.</param>
internal sealed record Idleness(string Kind, string Text, Instant? Until, string Ends);

/// <summary>
/// Explains every node that is given nothing. The first reason that applies counts, because it is the one that has to end first. This decides
/// nothing; each reason comes from the rule that decides.
/// </summary>
/// <param name="plan">What the planner says beyond the plan that is being followed: why it failed, or null.</param>
internal sealed class NodeIdleness(FleetState state, Observed observed, string? plan, Instant now)
{
    private readonly Lazy<bool> _isRecovering = new(() => PlanExecutor.RecoveryIsUnderWay(state, observed, now));
    private readonly Lazy<ILookup<NodeName, VipAddress>> _bound = new(() =>
        state.Vips.Unsettled.Values.Where(v => v.Successor is not null).ToLookup(v => v.Successor!.Value, v => v.Address));

    private readonly Lazy<ILookup<NodeName, VipAddress>> _planned = new(() => (observed.Plan?.Moves ?? []).ToLookup(m => m.To, m => m.Vip));

    /// <summary>Null when the node has VIPs, or is about to, and may be given more.</summary>
    public Idleness? Explain(NodeEntry node)
    {
        var seen = observed.Node(node.Name);
        return node.Presence == NodePresence.Down
            ? Down(node, seen)
            : Unheard(node, seen) ?? Unwanted(node, seen) ?? Unsteady(node, seen) ?? HeldWithItsSite(node) ?? (HasVips(node) ? null : Spare(node));
    }

    private Idleness Down(NodeEntry node, NodeObserved seen)
    {
        var back = seen.LastLost + FlapDamping.Delay(seen);
        if (seen.Connection is null || LivenessRule.IsOverdue(seen, state.LongestLease, now))
            return new("lost", "it is not heard", null, $"Start its agent, or mend the way to it; 'pbm cluster leave {node.Name}' forgets it.");
        if (seen.SaidGoodbye)
            return Goodbye();
        return back > now
            ? new(
                "flap-damping",
                $"it is well again, but was lost {seen.Losses} times of late, so it comes back {FlapDamping.Delay(seen).TotalSeconds:0} s after the "
                + $"last time",
                back,
                Undrain(node))
            : new("returning", "it is well again and coming back", null, "It comes back by itself, as soon as the journal is written.");
    }

    private Idleness? Unheard(NodeEntry node, NodeObserved seen)
    {
        if (LivenessRule.IsOverdue(seen, state.Map.Policy.Lease, now) || seen.LeaseExpiryProof is not null)
        {
            return new(
                "suspect", $"it has not been heard for {(now - seen.LastHeard).TotalSeconds:0.0} s", null,
                $"It ends when it is heard again, or its witnesses agree that it is dead; if you know that it is: pbm cluster down {node.Name}.");
        }

        return node.Suspected
            ? new(
                "suspected",
                "it was suspected of having failed, and has not yet said that it works by the newest map",
                null,
                "It ends when it says so.")
            : null;
    }

    private Idleness? Unwanted(NodeEntry node, NodeObserved seen)
    {
        var left = state.Vips.OwnedBy(node.Name).Count;
        var handing = left > 0 ? $"hands over the {left} VIP(s) it has left" : "has handed over all it had";
        return node.Intent switch
        {
            NodeIntent.Leaving => new("leaving", $"it leaves the fleet and {handing}", null, Undrain(node)),
            NodeIntent.Draining => new("draining", $"it is drained and {handing}", null, Undrain(node)),
            _ when seen.SaidGoodbye => Goodbye(),
            NodeIntent.Cordoned => new("cordoned", "it is cordoned, so it takes nothing new", null, Undrain(node)),
            _ => null,
        };
    }

    private Idleness? Unsteady(NodeEntry node, NodeObserved seen) => Ill(seen) ?? Failing(node, seen) ?? (FlapDamping.IsOnProbation(seen, now)
        ? new(
            "probation",
            $"it was lost {seen.Losses} times of late, so no VIP is moved to it by plan until it has been here for "
            + $"{FlapDamping.Steadiness(seen).TotalSeconds:0} s; it takes those of a node that is lost",
            seen.BackSince + FlapDamping.Steadiness(seen),
            Undrain(node))
        : null);

    private static Idleness? Ill(NodeObserved seen) => seen.Ill is not { } why ? null : new(
        "ill",
        $"it is ill: {why}",
        null,
        "It ends when its data plane has answered for two seconds without a break; the agent's log says what it does about it.");

    private Idleness? Failing(NodeEntry node, NodeObserved seen)
    {
        string[] services = [.. HoldFailures.Failing(seen, now).Select(service => service.Value)];
        return services.Length == 0 ? null : new(
            "cannot-hold",
            $"it could not hold VIPs of {string.Join(", ", services.Take(3))}{(services.Length > 3 ? $" and {services.Length - 3} more" : "")}, so "
            + $"it is given none of them while others may have them",
            HoldFailures.Until(seen, now),
            $"Its log says why it cannot bind them. {Undrain(node)}");
    }

    private Idleness? HeldWithItsSite(NodeEntry node)
    {
        var site = node.Facts.Site;
        if (!state.Map.SiteOf(site).HeldDown)
            return null;
        var until = observed.SiteSince.TryGetValue(site, out var since)
            ? since + TimeSpan.FromMilliseconds(state.Map.Policy.Zone.HoldDownMs)
            : (Instant?)null;
        return new(
            "site-held",
            $"its site {site} was out, so DNS prefers other sites until it has been well for some time",
            until,
            "fleet.gslb.hold-down says for how long.");
    }

    private bool HasVips(NodeEntry node) => !state.Vips.OwnedBy(node.Name).IsEmpty;

    private Idleness Spare(NodeEntry node)
    {
        var map = state.Map;
        if (map.Vips.IsEmpty)
            return new("no-vips", "the fleet has no VIPs", null, "'pbm service apply' adds a service.");
        if (!map.Vips.Values.Any(v => Ledger.MayLieOn(map, v, node)))
        {
            var segment = node.Facts.Segment is { } named ? $" and segment {named}" : "";
            return new(
                "no-service",
                $"no service may lie in its site {node.Facts.Site}{segment}",
                null,
                "A service of that site and segment ends it, or one that names none.");
        }

        if (_bound.Value[node.Name].Any())
            return new(
                "arriving",
                $"{_bound.Value[node.Name].Count()} VIP(s) are on their way to it",
                null,
                "It ends when their connections have ended where they are now.");
        if (Recovery.IsForming(map, observed, now))
            return new("forming", "the fleet waits a moment for all its nodes before it places anything", null, "It ends by itself, within seconds.");
        if (_isRecovering.Value)
            return new(
                "recovery",
                "VIPs that nobody serves come first, and nothing is moved by plan until they are served",
                null,
                "It ends when they are served.");
        if (plan is not null)
            return new("no-plan", $"no plan could be made: {plan}", null, "It ends when the planner's trouble ends.");
        if (_planned.Value[node.Name].Any())
            return new(
                "plan",
                $"{_planned.Value[node.Name].Count()} VIP(s) come to it by plan, some at a time",
                null,
                "It ends by itself; fleet.placement.moves-in-flight-max says how many move at once.");
        if (observed.Plan is null)
            return new("planning", "the plan with it is being made", null, "It ends by itself, within seconds.");
        var takers = map.Nodes.Values.Count(observed.TakesVips);
        return map.Vips.Count < takers
            ? new(
                "nothing-to-give",
                $"the fleet has {map.Vips.Count} VIP(s) for {takers} nodes; it stands by",
                null,
                "More VIPs end it, or the loss of a node.")
            : new(
                "balanced",
                "moving a VIP to it would gain less than the move costs; it stands by",
                null,
                "More demand or more VIPs end it, or the loss of a node.");
    }

    private static Idleness Goodbye() => new("said-goodbye", "its agent is being stopped and hands over what it has", null, "Start its agent again.");

    private static string Undrain(NodeEntry node) => $"To end it now: pbm node undrain {node.Name}.";
}
