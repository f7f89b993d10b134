using System.Collections.Immutable;
using Fleet.Placement.Advice;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>A VIP that is to change hands by plan, and who is to stand by for it then.</summary>
internal sealed record PreparedMove(VipAddress Vip, NodeName From, NodeName To, MoveReason Reason, ImmutableArray<NodeName> Standbys);

/// <summary>The standbys of a VIP that stays with its owner.</summary>
internal sealed record PreparedStandbys(VipAddress Vip, NodeName Owner, ImmutableArray<NodeName> Standbys);

/// <summary>
/// A plan as the leader follows it: only what differs from the map it was made of, the moves in the plan's order, and what the proof says of all of
/// it.
/// </summary>
/// <param name="Number">Of its request.</param>
/// <param name="Of">The map it was made of.</param>
/// <param name="Planned">All of it, with proof and certificate.</param>
internal sealed record PreparedPlan(
    long Number,
    MapVersion Of,
    ImmutableArray<PreparedStandbys> Standbys,
    ImmutableArray<PreparedMove> Moves,
    Planned Planned)
{
    /// <summary>What is left to do of it: void steps at the beginning are left out.</summary>
    public PreparedPlan Left(FleetMap map)
    {
        var done = Standbys.TakeWhile(s => !IsDue(map, s)).Count();
        var gone = Moves.TakeWhile(m => map.Vips.GetValueOrDefault(m.Vip)?.Destination != m.From).Count();
        return done == 0 && gone == 0 ? this : this with { Standbys = Standbys[done..], Moves = Moves[gone..] };
    }

    /// <summary>The VIP is, or will be, where the plan has it, and has other standbys.</summary>
    public static bool IsDue(FleetMap map, PreparedStandbys prepared) =>
        map.Vips.TryGetValue(prepared.Vip, out var vip) && vip.Destination == prepared.Owner && !vip.Standbys.SequenceEqual(prepared.Standbys);
}
