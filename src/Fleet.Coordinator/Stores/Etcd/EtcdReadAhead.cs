namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>Reads the journal from a revision on. While one page is folded the next is on its way.</summary>
internal sealed class EtcdReadAhead(EtcdEntries entries)
{
    private Task<EtcdPage>? _ahead;
    private long _from;

    /// <inheritdoc cref="EtcdEntries.PageAsync"/>
    public async Task<EtcdPage> PageAsync(long from, CancellationToken cancellation)
    {
        var asked = _from == from ? _ahead : null;
        _ahead = null;
        var page = await (asked ?? entries.PageAsync(from, cancellation));
        if (page.HasMore)
        {
            _from = page.Entries[^1].Revision + 1;
            _ahead = entries.PageAsync(_from, cancellation);
        }

        return page;
    }
}
