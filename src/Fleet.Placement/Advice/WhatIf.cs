using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Placement.Advice;

/// <summary>What happens at once when nodes die: each of their VIPs goes to its first live standby. No planning is needed for it.</summary>
/// <param name="Failed">Sorted.</param>
/// <param name="Moves">Sorted by address.</param>
/// <param name="Dropped">VIPs of the dead without a live standby, sorted: nobody serves them before the plan does.</param>
/// <param name="Standing">Until the plan is carried out. Its verdict is about loads as they are then: new standbys are named by the plan.</param>
public sealed record Failover(
    ImmutableArray<NodeName> Failed, ImmutableArray<PlannedMove> Moves, ImmutableArray<VipAddress> Dropped, Standing Standing)
{
    /// <summary>Everything is still served, and nobody carries too much.</summary>
    public bool IsCarried => Dropped.IsEmpty && Standing.Protection.Worst is not ({ ExcessBps: > 0 } or { ExcessCps: > 0 });
}

/// <summary>What would happen.</summary>
/// <param name="Failover">Null when nothing fails.</param>
/// <param name="Planned">What the planner would then do, for the fleet as changed and, where nodes died, after the failover.</param>
public sealed record Outlook(Standing Before, Failover? Failover, Planned Planned, Standing After)
{
    /// <summary>Nothing is lost on the way, and in the end every failure that the protection covers may happen.</summary>
    public bool IsSound => After.IsSound && (Failover?.IsCarried ?? true);
}

/// <summary>Answers what-if questions about a fleet, without touching it.</summary>
public static class WhatIf
{
    /// <summary>
    /// Null, with the mistakes, when a change cannot be made to this fleet. Changes are made in the order given, failures happen last.
    /// </summary>
    public static Outlook? Ask(PlacementProblem problem, IEnumerable<Change> changes, out ImmutableArray<string> mistakes)
    {
        var changing = new Changing(problem);
        foreach (var change in changes.OrderBy(change => change is Change.Fail or Change.FailDomain))
            changing.Make(change);
        mistakes = [.. changing.Mistakes];
        if (!mistakes.IsEmpty)
            return null;
        var (failover, next) = Fail(changing.Problem, [.. changing.Failed]);
        var planned = Planned.Compute(next);
        return new Outlook(Standing.AsItIs(problem), failover, planned, Standing.Compute(next, planned.Plan.Assignments, planned.Verdict));
    }

    private static (Failover? Failover, PlacementProblem Next) Fail(PlacementProblem problem, ImmutableArray<NodeName> failed)
    {
        if (failed.IsEmpty)
            return (null, problem);
        var takers = problem.Nodes.Where(node => node.State == PlanNodeState.Up).ToDictionary(node => node.Name);
        var bereft = problem.Vips
            .Where(vip => vip.Owner is { } owner && failed.Contains(owner))
            .OrderBy(vip => vip.Address)
            .ToLookup(vip => Successor(vip, takers));
        var moves = bereft.Where(successor => successor.Key is not null)
            .SelectMany(successor => successor.Select(vip => new PlannedMove(vip.Address, vip.Owner, successor.Key!.Value, MoveReason.OwnerLost)))
            .OrderBy(move => move.Address)
            .ToImmutableArray();
        var next = Inherited(problem, failed, moves.ToDictionary(move => move.Address, move => move.To));
        var unprotected = next with { Protection = next.Protection with { Nodes = 0, Domains = 0 } };
        return (new Failover(failed, moves, [.. bereft[null].Select(vip => vip.Address)], Standing.AsItIs(unprotected)), next);
    }

    private static NodeName? Successor(PlanVip vip, Dictionary<NodeName, PlanNode> takers) =>
        vip.Standbys
            .Where(standby => takers.TryGetValue(standby, out var node) && vip.MayLieOn(node))
            .Select(standby => (NodeName?)standby)
            .FirstOrDefault();

    /// <summary>A node that took a VIP over is its owner and no longer its standby; dead nodes are nobody's standby.</summary>
    private static PlacementProblem Inherited(PlacementProblem problem, ImmutableArray<NodeName> failed, Dictionary<VipAddress, NodeName> successors)
    {
        return problem with { Vips = [.. problem.Vips.Select(Inherit)] };

        PlanVip Inherit(PlanVip vip)
        {
            var owner = successors.TryGetValue(vip.Address, out var successor) ? successor : vip.Owner;
            return vip with { Owner = owner, Standbys = [.. vip.Standbys.Where(standby => standby != owner && !failed.Contains(standby))] };
        }
    }
}
