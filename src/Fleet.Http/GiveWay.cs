namespace Fleet.Http;

/// <summary>
/// Holders of something limited. A newcomer always gets what it asks for, and those that have held theirs longest give way: a well-meaning holder is
/// done soon, and any other is the oldest before long.
/// </summary>
public sealed class GiveWay<T>(long max)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(T Holder, long Size)> _order = [];
    private readonly Dictionary<T, LinkedListNode<(T Holder, long Size)>> _nodes = [];
    private long _held;

    /// <summary>What is held by all.</summary>
    public long Held
    {
        get
        {
            lock (_gate)
                return _held;
        }
    }

    /// <summary>
    /// The holder holds this much in all from now on; if it held something before, it keeps its age. Returns those that give way: they hold nothing
    /// any more.
    /// </summary>
    public IReadOnlyList<T> Hold(T holder, long size = 1)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(holder, out var node))
            {
                _held += size - node.Value.Size;
                node.Value = (holder, size);
            }
            else
            {
                _nodes[holder] = _order.AddLast((holder, size));
                _held += size;
            }

            if (_held <= max)
                return [];
            var gone = new List<T>();
            for (var oldest = _order.First; oldest is not null && _held > max; oldest = _order.First)
            {
                if (ReferenceEquals(oldest.Value.Holder, holder) && _order.Count > 1)
                    oldest = oldest.Next!;
                gone.Add(oldest.Value.Holder);
                Remove(oldest);
            }

            return gone;
        }
    }

    /// <summary>The holder holds nothing any more. One that has given way before is no error.</summary>
    public void Leave(T holder)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(holder, out var node))
                Remove(node);
        }
    }

    private void Remove(LinkedListNode<(T Holder, long Size)> node)
    {
        _order.Remove(node);
        _nodes.Remove(node.Value.Holder);
        _held -= node.Value.Size;
    }
}
