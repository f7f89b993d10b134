using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Core;

/// <summary>
/// Decides what each connection is sent of a new map. A node that has the parent gets the change. Others get the full map, at most
/// <see cref="FullAtOnceMax"/> nodes at a time (pushing it to all at once was seen to hold up heartbeats for 700 ms at 1,000 nodes). A node that does
/// not take its full map in time still gets it, but its place goes to the next node.
/// </summary>
internal sealed class MapReplication
{
    public const int FullAtOnceMax = 16;

    /// <summary>
    /// How long a full map on its way holds a place while others wait: a quarter of the 2 s in which a new node is to have its map, even when deaf
    /// nodes hold every place. A healthy node that takes longer loses nothing but the place.
    /// </summary>
    public static readonly TimeSpan FullPatience = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<long, MapVersion> _sent = [];
    private readonly Dictionary<long, Load> _loading = [];
    private readonly Queue<long> _waiting = [];

    /// <summary>Some node waits for a full map until others have theirs.</summary>
    public bool IsAnyWaiting => _waiting.Count > 0;

    /// <summary>A node has joined with that version; it needs the full map unless that version is the current one.</summary>
    public void Join(long connection, MapVersion applied, MapVersion current)
    {
        if (applied == current)
            _sent[connection] = current;
        else
            _waiting.Enqueue(connection);
    }

    public void Leave(long connection)
    {
        _sent.Remove(connection);
        _loading.Remove(connection);
    }

    /// <summary>
    /// A full map that has been applied makes room for the next, and so does any later map: while the fleet changes quickly, a node rarely has the
    /// newest.
    /// </summary>
    public void Applied(long connection, MapVersion version)
    {
        if (_loading.TryGetValue(connection, out var load) && version >= load.Sent)
            _loading.Remove(connection);
    }

    /// <param name="touched">The VIPs that may differ.</param>
    public IEnumerable<(long Connection, LeaderMessage Message)> Next(FleetMap parent, FleetMap map, IReadOnlyCollection<VipAddress> touched)
    {
        var change = new LeaderMessage.Change(MapDelta.Between(parent, map, touched));
        foreach (var connection in _sent.Keys.ToArray())
        {
            _sent[connection] = map.Version;
            yield return (connection, change);
        }
    }

    /// <summary>The full maps that may go out now.</summary>
    public IEnumerable<(long Connection, LeaderMessage Message)> Full(FleetMap map, Func<long, bool> isOpen, Instant now)
    {
        LeaderMessage.Full? full = null;
        if (_waiting.Count > 0 && _loading.Count == FullAtOnceMax)
            GiveUpSlow(now);
        while (_loading.Count < FullAtOnceMax && _waiting.TryDequeue(out var connection))
        {
            if (!isOpen(connection))
                continue;
            _loading[connection] = new Load(map.Version, now);
            _sent[connection] = map.Version;
            yield return (connection, full ??= new LeaderMessage.Full(map));
        }
    }

    private void GiveUpSlow(Instant now)
    {
        foreach (var (connection, load) in _loading)
        {
            if (now - load.Since >= FullPatience)
                _loading.Remove(connection);
        }
    }

    private readonly record struct Load(MapVersion Sent, Instant Since);
}
