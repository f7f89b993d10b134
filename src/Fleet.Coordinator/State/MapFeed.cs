using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.State;

/// <summary>
/// Decides what each connection is sent of a new map: the change, where it has the parent; otherwise the full map, to at most <see cref="FullAtOnceMax"/> nodes at a
/// time (pushing it to all at once was seen to hold up heartbeats for 700 ms at 1,000 nodes).
/// </summary>
public sealed class MapFeed
{
    public const int FullAtOnceMax = 16;

    private readonly Dictionary<long, MapVersion> sent = [];
    private readonly HashSet<long> loading = [];
    private readonly Queue<long> waiting = [];

    /// <summary>A node has joined with that version; it needs the full map unless it is this one.</summary>
    public void Join(long connection, MapVersion applied, MapVersion current)
    {
        if (applied == current)
            sent[connection] = current;
        else
            waiting.Enqueue(connection);
    }

    public void Leave(long connection)
    {
        sent.Remove(connection);
        loading.Remove(connection);
    }

    /// <summary>A full map that has been applied makes room for the next.</summary>
    public void Applied(long connection) => loading.Remove(connection);

    /// <param name="touched">The VIPs that may differ.</param>
    public IEnumerable<(long Connection, Down Message)> Next(FleetMap parent, FleetMap map, IReadOnlyCollection<VipAddress> touched)
    {
        var change = new Down.Change(MapDelta.Between(parent, map, touched));
        foreach (var connection in sent.Keys.ToArray())
        {
            sent[connection] = map.Version;
            yield return (connection, change);
        }
    }

    /// <summary>The full maps that may go out now.</summary>
    public IEnumerable<(long Connection, Down Message)> Full(FleetMap map, Func<long, bool> isOpen)
    {
        Down.Full? full = null;
        while (loading.Count < FullAtOnceMax && waiting.TryDequeue(out var connection))
        {
            if (!isOpen(connection))
                continue;
            loading.Add(connection);
            sent[connection] = map.Version;
            yield return (connection, full ??= new Down.Full(map));
        }
    }
}
