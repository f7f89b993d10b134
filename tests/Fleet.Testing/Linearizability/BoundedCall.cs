using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Testing.Linearizability;

/// <summary>
/// A call with the versions that it can have. They follow from what others were told before it was asked for and after it was answered. Revisions
/// belong to the whole fleet, so this is what calls about one thing know of those about another.
/// </summary>
/// <param name="Floor">
/// The highest version that anybody had been told when the call was asked for. The call is at that version or later, and above it if it makes a
/// revision.
/// </param>
/// <param name="FloorBy">Who was told that; null is the start.</param>
/// <param name="Ceiling">
/// The highest version that the call can have: the lowest that was told to anybody who asked after the call had its answer.
/// </param>
internal sealed record BoundedCall(Call Call, MapVersion Floor, Call? FloorBy, MapVersion Ceiling)
{
    private static readonly MapVersion Endless = new(long.MaxValue, long.MaxValue);

    /// <summary>The same call, where nobody was told anything.</summary>
    public BoundedCall Unbound => this with { Floor = MapVersion.None, FloorBy = null, Ceiling = Endless };

    /// <summary>Each call of the history in its order; in O(n log n).</summary>
    public static ImmutableArray<BoundedCall> Bound(History history)
    {
        var calls = history.Calls;
        var ceilings = Ceilings(calls);
        var floors = new Dictionary<int, MapVersion>(calls.Length);
        var bounded = ImmutableArray.CreateBuilder<BoundedCall>(calls.Length);
        var (floor, by) = (history.Start.Version ?? MapVersion.None, (Call?)null);
        var returned = calls.OrderBy(call => call.Returned).ToArray();
        var next = 0;
        foreach (var call in calls)
        {
            for (; next < returned.Length && returned[next].Returned < call.Invoked; next++)
            {
                if (AtLeast(returned[next], floors[returned[next].Id]) is { } least && least.Revision > floor.Revision)
                    (floor, by) = (least, returned[next]);
            }

            floors[call.Id] = floor;
            bounded.Add(new BoundedCall(call, floor, by, ceilings[call.Id]));
        }

        return bounded.MoveToImmutable();
    }

    /// <summary>The versions that calls are not above.</summary>
    private static Dictionary<int, MapVersion> Ceilings(ImmutableArray<Call> calls)
    {
        var ceilings = new Dictionary<int, MapVersion>(calls.Length);
        var ceiling = Endless;
        var next = calls.Length - 1;
        foreach (var call in calls.OrderByDescending(call => call.Returned))
        {
            for (; next >= 0 && calls[next].Invoked > call.Returned; next--)
            {
                if (AtMost(calls[next], ceilings[calls[next].Id]) is { } most && most.Revision < ceiling.Revision)
                    ceiling = most;
            }

            ceilings[call.Id] = ceiling;
        }

        return ceilings;
    }

    /// <summary>
    /// The version at which, or past which, the fleet was when that answer came. A call that was refused for naming the version at which the fleet
    /// had been shows that the fleet had moved on.
    /// </summary>
    private static MapVersion? AtLeast(Call call, MapVersion floor) => call switch
    {
        { Operation: Operation.Change { IfVersion: { } wanted }, Outcome: Outcome.Refused { Why: Refusal.Stale } } when wanted == floor =>
            wanted with { Revision = wanted.Revision + 1 },
        _ => call.Outcome.At,
    };

    /// <summary>
    /// The version at which, or before which, the fleet was when that call was asked for. A call that makes a version follows one of the same term. A
    /// call that was refused for naming a version that the fleet was yet to reach shows that the fleet was not there yet.
    /// </summary>
    private static MapVersion? AtMost(Call call, MapVersion ceiling) => call switch
    {
        { Operation: Operation.Change { IfVersion: { } wanted }, Outcome: Outcome.Refused { Why: Refusal.Stale } } when wanted == ceiling =>
            wanted with { Revision = wanted.Revision - 1 },
        { Outcome: { MadeVersion: true, At: { } made } } => made with { Revision = made.Revision - 1 },
        _ => call.Outcome.At,
    };
}
