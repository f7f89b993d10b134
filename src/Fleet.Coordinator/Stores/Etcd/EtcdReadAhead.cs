namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// Reads the journal from a revision on. Once a page says that there is more, the next ones are on their way while it is folded: revisions have no
/// gaps, so that where a page begins is known before the one ahead of it has come.
/// </summary>
internal sealed class EtcdReadAhead(EtcdEntries entries)
{
    /// <summary>One that etcd looks for, and one that is being parsed.</summary>
    private const int PagesAhead = 2;

    private readonly Queue<(long From, Task<EtcdPage> Page)> _ahead = [];

    /// <inheritdoc cref="EtcdEntries.PageAsync"/>
    public async Task<EtcdPage> PageAsync(long from, CancellationToken cancellation)
    {
        var asked = _ahead.TryDequeue(out var ahead) && ahead.From == from ? ahead.Page : null;
        if (asked is null)
            _ahead.Clear();
        var page = await (asked ?? entries.PageAsync(from, cancellation));
        while (page.HasMore && _ahead.Count < PagesAhead)
        {
            var next = from + ((_ahead.Count + 1) * EtcdEntries.PageSize);
            _ahead.Enqueue((next, entries.PageAsync(next, cancellation)));
        }

        return page;
    }
}
