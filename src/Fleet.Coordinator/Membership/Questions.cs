using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>Whom to ask about, and when each question was asked.</summary>
internal sealed class Questions
{
    /// <summary>An answer that takes longer than this many later questions counts for nothing.</summary>
    private const int Remembered = 4096;

    private readonly Dictionary<long, Instant> _asked = [];
    private long _last;
    private object? _calmNodes;
    private LeaseTerms? _calmLease;

    /// <summary>No other node can become suspect before this. The first look after it finds it out anew.</summary>
    public Instant CalmUntil { get; private set; } = Instant.Never;

    /// <summary>The number of a question that is asked now.</summary>
    public long Ask(Instant now)
    {
        _asked[++_last] = now;
        _asked.Remove(_last - Remembered);
        return _last;
    }

    /// <summary>Null for a number that was never given, or was given long ago.</summary>
    public Instant? AskedAt(long question) => _asked.TryGetValue(question, out var at) ? at : null;

    /// <summary>
    /// The nodes that are up in the map and silent for too long, or fenced. This is called with every message, so until the earliest moment at which
    /// the next node can be suspect, only the known suspects are looked at. No node that is not suspect now can be before a lease and margin have
    /// passed.
    /// </summary>
    public NodeName[] Suspects(FleetState state, Observed observed, Instant now)
    {
        var lease = state.LongestLease;
        if (now < CalmUntil && ReferenceEquals(_calmNodes, state.Map.Nodes) && _calmLease == lease)
        {
            return observed.Uneasy.IsEmpty ? [] : [.. observed.Uneasy.Where(n =>
                state.Map.Nodes.GetValueOrDefault(n) is { Presence: NodePresence.Up } && IsOverdue(observed.Node(n), lease, now))];
        }

        var suspect = state.Map.Nodes.Values
            .Where(n => n.Presence == NodePresence.Up)
            .ToLookup(n => IsOverdue(observed.Node(n.Name), lease, now), n => n.Name);
        (_calmNodes, _calmLease) = (state.Map.Nodes, lease);
        CalmUntil = suspect[false].Select(n => observed.Node(n).LastHeard).Append(now).Min() + lease.DurationAndMargin;
        return [.. suspect[true]];
    }

    private static bool IsOverdue(NodeObserved node, LeaseTerms lease, Instant now) =>
        node.Fence is not null || LivenessRule.IsOverdue(node, lease, now);
}
