using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Api;

/// <summary>What the REST API under <c>/v1</c> returns; pbm and the dashboard read the same.</summary>
/// <param name="Leader">Name of the coordinator whose state this is: the leader, unless none answers.</param>
/// <param name="Problems">What an operator should look at, worst first; empty is good.</param>
/// <param name="Protection">Null until the first plan is made.</param>
/// <param name="Waiting">
/// Nodes that are up and given nothing, a sentence each: why, until when, what ends it. They are no problems, unless nobody meant it.
/// </param>
public sealed record ClusterView(
    string Cluster,
    string Leader,
    MapVersion Version,
    int NodesUp,
    int Nodes,
    int Services,
    int Vips,
    int VipsServing,
    int BackendsUp,
    int Backends,
    long CapacityBps,
    double TrafficBps,
    FleetPolicy Policy,
    ImmutableArray<string> Problems,
    ProtectionView? Protection = null,
    DetectionView? Detection = null,
    ImmutableArray<string>? Waiting = null);

/// <summary>How long the VIPs of a node that dies are dark at most, with the nodes as far away as they are now.</summary>
/// <param name="BoundMs">lease + margin + 2 x <see cref="LinkMs"/> + <see cref="WitnessMs"/> + <see cref="WorkMs"/>.</param>
/// <param name="LinkMs">The longest round trip between the leader and a node.</param>
/// <param name="LinkFarthest">Which node that is; null while none is measured.</param>
/// <param name="WitnessMs">The longest time that a vouching quorum of a node's witnesses takes.</param>
/// <param name="WitnessFarthest">The node whose witnesses take that long.</param>
/// <param name="WorkMs">How long judging, writing and taking up may take.</param>
public sealed record DetectionView(double BoundMs, double LinkMs, NodeName? LinkFarthest, double WitnessMs, NodeName? WitnessFarthest, double WorkMs);

/// <summary>What the proof says about the newest plan: about the fleet as it will be once the moves under way are done.</summary>
/// <param name="Of">The map it was computed from.</param>
/// <param name="Method">exhaustive or bound.</param>
/// <param name="Text">The failure that comes nearest to a limit, or what breaks the protection, in a sentence.</param>
/// <param name="Failed">That failure; empty is normal operation.</param>
/// <param name="Node">The survivor that this failure brings nearest to its limit, or furthest above it; null when nothing is placed.</param>
/// <param name="Utilisation">The part of that node that is then used; null when it has no capacity at all.</param>
/// <param name="ExcessBps">What that node would carry above its limit, bit/s.</param>
/// <param name="MovesLeft">Moves of the plan that have not begun.</param>
/// <param name="PlanMs">How long plan and proof took.</param>
public sealed record ProtectionView(
    bool Holds,
    MapVersion Of,
    string Method,
    string Text,
    ImmutableArray<NodeName> Failed,
    NodeName? Node,
    double? Utilisation,
    long ExcessBps,
    int MovesLeft,
    double PlanMs);

/// <summary>A node: its map entry, and what is observed of it.</summary>
/// <param name="State">One word: up, cordoned, draining, leaving, suspect or down.</param>
/// <param name="SilentMs">How long ago it was last heard; null when never in this term.</param>
/// <param name="Applied">The map version it last said it works by.</param>
/// <param name="Vips">How many VIPs it owns.</param>
/// <param name="Total">Its VIPs' counters added up.</param>
/// <param name="Waiting">Why it is given nothing; null where it has VIPs, or is about to, and may be given more.</param>
public sealed record NodeView(
    NodeEntry Entry,
    string State,
    double? SilentMs,
    MapVersion Applied,
    int Vips,
    double TrafficBps,
    VipCounters Total,
    WaitingView? Waiting = null);

/// <summary>Why a node is given nothing.</summary>
/// <param name="Reason">
/// One word: lost, flap-damping, returning, suspect, silent, leaving, draining, said-goodbye, cordoned, probation, site-held, no-vips, no-service,
/// arriving, forming, recovery, no-plan, plan, planning, nothing-to-give or balanced.
/// </param>
/// <param name="Text">Why, for a person.</param>
/// <param name="SecondsLeft">When it ends by itself; null where something has to happen first.</param>
/// <param name="Ends">What ends it, or ends it sooner.</param>
public sealed record WaitingView(string Reason, string Text, double? SecondsLeft, string Ends)
{
    /// <summary>All of it in one line.</summary>
    [JsonIgnore]
    public string Sentence => $"{Text}{(SecondsLeft is { } left ? $" ({left:0} s left)" : "")}. {Ends}";
}

/// <summary>A VIP: its map entry and counters at its owner.</summary>
public sealed record VipView(VipEntry Entry, double TrafficBps, VipCounters Counters);

/// <summary>Why a VIP is where it is.</summary>
/// <param name="Sentences">In reading order.</param>
/// <param name="History">The entries of the journal that moved it, newest first, at most 20.</param>
public sealed record VipExplanation(VipEntry Entry, ImmutableArray<string> Sentences, ImmutableArray<EventView> History);

/// <summary>A service: what was asked for, and how its backends and VIPs are.</summary>
public sealed record ServiceView(Service Service, int VipsServing, ImmutableSortedDictionary<string, Verdict> Backends);

/// <summary>A coordinator, as the leader knows it; or by itself, when no leader answers.</summary>
/// <param name="Role">leader or standby.</param>
/// <param name="Term">The term it leads or follows; null when it is not known.</param>
/// <param name="Revision">How much of the journal it has.</param>
/// <param name="Lag">How many entries it has not yet.</param>
/// <param name="HeardMs">When it was last heard; null for the one that answers.</param>
/// <param name="Api">The URL of its REST API; null when it has told nobody.</param>
public sealed record CoordinatorView(string Name, string Role, long? Term, long Revision, long Lag, double? HeardMs, string? Api)
{
    public const string Leading = "leader";

    public const string StandingBy = "standby";
}

/// <summary>One thing that happened.</summary>
/// <param name="By">Who caused it: a user of the API, a node that joins, or the coordinator itself.</param>
/// <param name="Kind">The event's kind in kebab-case, such as <c>node-lost</c>.</param>
/// <param name="Text">The event in a sentence.</param>
public sealed record EventView(MapVersion Version, DateTimeOffset At, Principal By, string Kind, string Text);

/// <summary>The answer to a command that was carried out and is in the journal.</summary>
/// <param name="Version">The map that holds the change.</param>
/// <param name="Changed">False when the fleet was already in that state.</param>
/// <param name="Text">What was done, in a sentence.</param>
public sealed record CommandView(MapVersion Version, bool Changed, string Text);
