using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.State;

/// <summary>
/// What the leader has seen since its term began: heartbeats, replies, loads. Observations are not events: they are not kept, and a new leader starts
/// with none, taking everybody for alive until a whole lease has passed (<see cref="Began"/>).
/// </summary>
internal sealed record Observed
{
    public required Instant Began { get; init; }

    /// <summary>
    /// Since when the leader has been running: since its term began, or since it was last stopped for longer than a lease. Nodes may still be on
    /// their way to it.
    /// </summary>
    public Instant Awake { get; init; }

    public ImmutableSortedDictionary<NodeName, NodeObserved> Nodes { get; init; } = ImmutableSortedDictionary<NodeName, NodeObserved>.Empty;

    /// <summary>When a VIP was seen to enter its phase.</summary>
    public ImmutableSortedDictionary<VipAddress, Instant> PhaseSince { get; init; } = ImmutableSortedDictionary<VipAddress, Instant>.Empty;

    /// <summary>What VIPs were measured to ask for, where that differs from the map.</summary>
    public ImmutableSortedDictionary<VipAddress, VipDemand> Untold { get; init; } = ImmutableSortedDictionary<VipAddress, VipDemand>.Empty;

    /// <summary>When demand was last recorded.</summary>
    public Instant ToldAt { get; init; } = Instant.Never;

    /// <summary>Since when sites have been in, by <see cref="SiteObservations"/>.</summary>
    public ImmutableSortedDictionary<SiteName, Instant> SiteSince { get; init; } = ImmutableSortedDictionary<SiteName, Instant>.Empty;

    /// <summary>What sites carry of services that overflow, and what they are to keep.</summary>
    public OverflowObservations Overflow { get; init; } = OverflowObservations.None;

    /// <summary>What is to be followed of the newest plan; null when there is none.</summary>
    public PreparedPlan? Plan { get; init; }

    /// <summary>What the probers hear from feedback agents.</summary>
    public FeedbackObservations Feedback { get; init; } = FeedbackObservations.None;

    public NodeObserved Node(NodeName node) => Nodes.GetValueOrDefault(node) ?? new NodeObserved { LastHeard = Began };

    /// <summary>
    /// Nodes that a rule may have something to say about: suspects, those that said goodbye, those that were lost before, and those that cannot
    /// hold VIPs, or could not.
    /// </summary>
    public ImmutableSortedSet<NodeName> Uneasy { get; init; } = [];

    /// <summary>What the probers say of the backends.</summary>
    public ProberWords Words { get; init; } = ProberWords.None;

    public Observed With(NodeName node, Func<NodeObserved, NodeObserved> change)
    {
        var before = Node(node);
        var after = change(before);
        return this with
        {
            Nodes = Nodes.SetItem(node, after),
            Uneasy = after.IsUneasy ? Uneasy.Add(node) : Uneasy.Remove(node),
            Words = ReferenceEquals(before.Verdicts, after.Verdicts) ? Words : Words.Hear(node, before.Verdicts, after.Verdicts),
        };
    }

    public Observed Without(NodeName node) => this with
    {
        Nodes = Nodes.Remove(node),
        Feedback = Feedback.Without(node),
        Uneasy = Uneasy.Remove(node),
        Words = Words.Hear(node, Node(node).Verdicts, ImmutableSortedDictionary<BackendKey, Verdict>.Empty),
    };

    /// <summary>Every prober that knows the backend agrees with the map.</summary>
    public bool AllSay(BackendKey backend, FleetMap map)
    {
        var known = map.Verdicts.GetValueOrDefault(backend);
        return Words.SaidBy(backend).All(n => Node(n).Verdicts.GetValueOrDefault(backend) is var said && (said == Verdict.Unknown || said == known));
    }

    public Instant PhaseBegan(VipAddress vip) => PhaseSince.GetValueOrDefault(vip, Began);

    /// <summary>May be named a standby: wanted, up, and not on its way out.</summary>
    public bool StandsBy(NodeEntry node) => node.TakesVips && !Node(node.Name).SaidGoodbye;

    /// <summary>
    /// May be given VIPs: stands by, is heard, and does not call itself ill. A node that only witnesses hear would not learn of them.
    /// </summary>
    public bool TakesVips(NodeEntry node) => StandsBy(node) && Node(node.Name) is { LeaseExpiryProof: null, Ill: null };

    /// <summary>Is to hand over all it has.</summary>
    public bool HandsOver(NodeEntry node) =>
        node.Presence == NodePresence.Up && (node.Intent is NodeIntent.Draining or NodeIntent.Leaving || Node(node.Name).SaidGoodbye);
}

/// <summary>What the leader has seen of one node.</summary>
internal sealed record NodeObserved
{
    /// <summary>When its last message came; at first, when the term began.</summary>
    public required Instant LastHeard { get; init; }

    /// <summary>The connection it speaks on; null when none is open.</summary>
    public long? Connection { get; init; }

    /// <summary>Who said hello on that connection, and from where; null when nobody has.</summary>
    public Principal? By { get; init; }

    /// <summary>How it described itself in this term; null when it has not.</summary>
    public NodeFacts? Facts { get; init; }

    /// <summary>When it first said hello in this term.</summary>
    public Instant FirstHeard { get; init; } = Instant.Never;

    /// <summary>It has spoken in this term.</summary>
    public bool WasHeard => FirstHeard > Instant.Never;

    public Incarnation Incarnation { get; init; }

    /// <summary>The map it says it works by.</summary>
    public MapVersion Applied { get; init; }

    /// <summary>The newest map it says it has received; at least <see cref="Applied"/>.</summary>
    public MapVersion Known { get; init; }

    /// <summary>When a whole map went out on its connection, after which changes follow; null while it waits for one.</summary>
    public Instant? FedAt { get; init; }

    /// <summary>Round trip of the leader's acknowledgements to it, by its own clock; zero when not known.</summary>
    public TimeSpan LinkRoundTrip { get; init; }

    /// <summary>How long a vouching quorum of its witnesses takes; zero when not known.</summary>
    public TimeSpan WitnessRoundTrip { get; init; }

    /// <summary>Its lease is to run out; null is the normal case.</summary>
    public Fence? Fence { get; init; }

    /// <summary>When the leader last acknowledged a heartbeat of it: no lease from the leader counts from a later moment.</summary>
    public Instant Granted => Fence?.Granted ?? LastHeard;

    /// <summary>The revision at which it was last lost in this term: it comes back when it knows that revision.</summary>
    public long LostAt { get; init; }

    /// <summary>The revision of the map that first called it silent, of late; 0 when another leader did.</summary>
    public long SuspectedAt { get; init; }

    /// <summary>VIPs it should hold and could not take, as of <see cref="Applied"/>.</summary>
    public ImmutableArray<VipAddress> Missing { get; init; } = [];

    /// <summary>The same VIPs, each with the moment since when every report says so.</summary>
    public ImmutableSortedDictionary<VipAddress, Instant> MissingSince { get; init; } = ImmutableSortedDictionary<VipAddress, Instant>.Empty;

    /// <summary>What is held against it by service, for <see cref="HoldFailures"/>.</summary>
    public ImmutableSortedDictionary<ServiceName, HoldFailure> Failures { get; init; } = ImmutableSortedDictionary<ServiceName, HoldFailure>.Empty;

    /// <summary>What it reports of the map that it does not carry.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>Why it can serve nothing, in its own words: it gives its VIPs up, and is given none. Null where it is well.</summary>
    public string? Ill { get; init; }

    public ImmutableSortedDictionary<VipAddress, int> Busy { get; init; } = ImmutableSortedDictionary<VipAddress, int>.Empty;

    public ImmutableSortedDictionary<BackendKey, Verdict> Verdicts { get; init; } = ImmutableSortedDictionary<BackendKey, Verdict>.Empty;

    public NodeLoad Load { get; init; } = NodeLoad.None;

    public bool SaidGoodbye { get; init; }

    /// <summary>The leader's questions to its witnesses; null when it is heard well enough.</summary>
    public LeaseExpiryProof? LeaseExpiryProof { get; init; }

    /// <summary>How often it was lost in this term, for flap damping.</summary>
    public int Losses { get; init; }

    public Instant LastLost { get; init; } = Instant.Never;

    /// <summary>When it came back from its last loss.</summary>
    public Instant BackSince { get; init; } = Instant.Never;

    public bool IsUneasy => LeaseExpiryProof is not null || Ill is not null || SaidGoodbye
        || Losses > 0 || !MissingSince.IsEmpty || !Failures.IsEmpty;
}

/// <summary>Counters of a node's VIPs, and rates since the counters before.</summary>
/// <param name="BitsPerSecond">To clients and from them.</param>
internal sealed record NodeLoad(
    Instant At,
    ImmutableSortedDictionary<VipAddress, VipCounters> Counters,
    ImmutableSortedDictionary<VipAddress, double> BitsPerSecond)
{
    public static readonly NodeLoad None = new(
        Instant.Never, ImmutableSortedDictionary<VipAddress, VipCounters>.Empty, ImmutableSortedDictionary<VipAddress, double>.Empty);

    /// <summary>The rates mean something: there were counters before these.</summary>
    public bool IsMeasured { get; private init; }

    public double TotalBitsPerSecond { get; } = BitsPerSecond.Values.Sum();

    public NodeLoad Next(Instant now, ImmutableSortedDictionary<VipAddress, VipCounters> counters)
    {
        var seconds = (now - At).TotalSeconds;
        var rates = counters.ToImmutableSortedDictionary(
            c => c.Key,
            c => Counters.TryGetValue(c.Key, out var old) && seconds > 0
                ? Math.Max(0, (c.Value.BytesIn + c.Value.BytesOut - old.BytesIn - old.BytesOut) * 8 / seconds)
                : 0);
        return new NodeLoad(now, counters, rates) { IsMeasured = At > Instant.Never };
    }
}
