namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// Reads the journal from a revision on. While a page is folded the next ones are on their way: revisions have no gaps, so that where a page begins
/// is known before the one ahead of it has come. What one reader has asked for and not used, another can go on with.
/// </summary>
/// <param name="closing">Pages are asked for beyond their reader's patience, since the next reader may want them; not beyond this.</param>
internal sealed class EtcdReadAhead(EtcdEntries entries, CancellationToken closing)
{
    /// <summary>One that etcd looks for, and some that are parsed side by side.</summary>
    private const int PagesAhead = 4;

    private readonly Lock _gate = new();
    private Queue<Asked> _ahead = [];

    /// <summary>Asks for pages before anybody reads them: from there on, or after those that have been asked for.</summary>
    public EtcdReadAhead Begin(long from)
    {
        lock (_gate)
            AskAhead(from);
        return this;
    }

    /// <summary>Goes on with what another reader has asked for, if that is of use from there on. The other one has to ask again.</summary>
    public EtcdReadAhead GoOnWith(EtcdReadAhead? other, long from)
    {
        if (other?.HandOver(from) is { } ahead)
            _ahead = ahead;
        return this;
    }

    /// <inheritdoc cref="EtcdEntries.PageAsync"/>
    public async Task<EtcdPage> PageAsync(long from, CancellationToken cancellation)
    {
        // Entries stay what they are, but more may have been appended since: that there are no more is only for a new answer to say.
        if (await AskedAsync(from, cancellation) is { Entries.Count: > 0 } asked)
            return asked with { HasMore = true };
        Forget();
        var page = await entries.PageAsync(from, cancellation);
        if (page.HasMore)
            Begin(page.Entries[^1].Revision + 1);
        return page;
    }

    /// <summary>What is left, from there on, of the page that was asked for; null when none was.</summary>
    private async Task<EtcdPage?> AskedAsync(long from, CancellationToken cancellation)
    {
        Asked? asked;
        lock (_gate)
            asked = Covering(from);
        if (asked is null)
            return null;
        try
        {
            var page = await asked.Page.UnlessAsync(cancellation);
            if (page.HasMore)
                Begin(asked.End);
            return page with { Entries = [.. page.Entries.Where(entry => entry.Revision >= from)] };
        }
        catch (EtcdException)
        {
            Forget();
            throw;
        }
    }

    private void Forget()
    {
        lock (_gate)
            _ahead = [];
    }

    private Queue<Asked>? HandOver(long from)
    {
        lock (_gate)
        {
            if (Covering(from) is null)
                return null;
            var ahead = _ahead;
            _ahead = [];
            return ahead;
        }
    }

    /// <summary>The page that this revision is on; those before it are forgotten, and all of them if it is on none.</summary>
    private Asked? Covering(long revision)
    {
        while (_ahead.TryPeek(out var oldest) && !oldest.Covers(revision))
            _ahead.Dequeue();
        return _ahead.TryPeek(out var covering) ? covering : null;
    }

    private void AskAhead(long from)
    {
        var next = _ahead.Count == 0 ? from : _ahead.Last().End;
        for (; _ahead.Count < PagesAhead; next += EtcdEntries.PageSize)
            _ahead.Enqueue(new Asked(next, entries.PageAsync(next, closing)));
    }

    private sealed record Asked(long From, Task<EtcdPage> Page)
    {
        public long End => From + EtcdEntries.PageSize;

        public bool Covers(long revision) => revision >= From && revision < End;
    }
}
