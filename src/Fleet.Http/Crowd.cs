namespace Fleet.Http;

/// <summary>The connections of all strangers, or of one, in the order in which they give way.</summary>
internal sealed class Crowd(int max, Func<Visit, LinkedListNode<Visit>> place)
{
    private readonly LinkedList<Visit> _waiting = [];
    private readonly LinkedList<Visit> _served = [];

    public int Count => _waiting.Count + _served.Count;

    /// <summary>Connections without a whole request, the one that has waited longest first.</summary>
    public IEnumerable<Visit> Waiting => _waiting;

    public void Wait(Visit visit)
    {
        Leave(visit);
        _waiting.AddLast(place(visit));
    }

    public void Serve(Visit visit)
    {
        Leave(visit);
        _served.AddLast(place(visit));
    }

    public void Leave(Visit visit) => place(visit).List?.Remove(place(visit));

    /// <summary>
    /// The connection that gives way to a newcomer: the one that has waited longest, or, when no other waits, the one that has been served longest.
    /// Null when there is room.
    /// </summary>
    public Visit? Surplus(Visit newcomer)
    {
        if (Count <= max)
            return null;
        var oldest = _waiting.First?.Value;
        return oldest is not null && oldest != newcomer ? oldest : _served.First?.Value;
    }
}
