using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>
/// Which run of each peer is the newest, and which of the peers' datagrams count. A datagram counts if it comes from this fleet, from the host that
/// has the peer's name, from that run or a later one, and is meant for this run of this node. A datagram that the network or somebody else kept and
/// sends again counts for nothing: a vouch for a probe of an earlier run would renew a lease that nobody has heard of, and an old probe would keep a
/// dead node alive.
/// </summary>
/// <param name="run">Of this node.</param>
internal sealed class PeerRuns(NodeFacts me, Incarnation run)
{
    /// <summary>
    /// No network keeps a datagram for longer. A host that lost its folder and the time may have to wait this long until its peers listen again.
    /// </summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(2);

    private readonly Dictionary<NodeName, Heard> _newest = [];

    /// <summary>A datagram to the newest run of that peer.</summary>
    public WitnessDatagram Address(NodeName to, FleetMap map, WitnessKind kind, long number, long cover = 0) => new(kind, me.Name, number, cover)
    {
        Origin = Origin(map, me),
        Run = run,
        ToRun = _newest.TryGetValue(to, out var heard) ? heard.Run : Incarnation.None,
    };

    /// <summary>The datagram asks an earlier run of this node, or its sender does not know yet which run there is.</summary>
    public bool IsForAnother(WitnessDatagram datagram, FleetMap map) =>
        datagram.Kind is WitnessKind.Probe or WitnessKind.Revive && datagram.ToRun != run && IsOfPeer(datagram, map);

    /// <summary>False when the datagram counts for nothing. No question of a run is heard twice, and none is heard after a later one.</summary>
    public bool TryHear(WitnessDatagram datagram, FleetMap map, Instant now)
    {
        if (datagram.ToRun != run || !IsOfPeer(datagram, map))
            return false;
        var asks = datagram.Kind is WitnessKind.Probe or WitnessKind.Revive;
        var known = _newest.TryGetValue(datagram.From, out var heard) && now - heard.At < Remembered ? heard : default;
        if (datagram.Run < known.Run || (asks && datagram.Run == known.Run && datagram.Seq <= known.Asked))
            return false;
        _newest[datagram.From] = new Heard(datagram.Run, asks ? datagram.Seq : datagram.Run == known.Run ? known.Asked : 0, now);
        return true;
    }

    private static bool IsOfPeer(WitnessDatagram datagram, FleetMap map) =>
        map.Nodes.TryGetValue(datagram.From, out var peer) && datagram.Origin == Origin(map, peer.Facts);

    private static ulong Origin(FleetMap map, NodeFacts sender) =>
        StableHash.Compute(StableHash.Compute(map.Policy.Cluster), StableHash.Compute(sender.Host ?? ""));

    /// <param name="Asked">The highest number of its questions.</param>
    private readonly record struct Heard(Incarnation Run, long Asked, Instant At);
}
