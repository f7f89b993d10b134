using System.Collections.Immutable;
using System.Threading.Channels;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>The newest entries of the journal in memory, for people who look and for those who follow.</summary>
internal sealed class RecentEvents
{
    private const int Kept = 5000;
    private const int FollowerBacklog = 1000;

    private readonly Lock _gate = new();
    private readonly List<Channel<JournalEntry>> _followers = [];
    private ImmutableQueue<JournalEntry> _entries = [];
    private int _count;
    private long _newest;

    /// <summary>The revision of the newest entry; 0 before there is one.</summary>
    public long Newest
    {
        get
        {
            lock (_gate)
                return _newest;
        }
    }

    /// <summary>Entries come in order. One that was recorded before is left out: who followed the journal may read its end again as leader.</summary>
    public void Record(JournalEntry entry)
    {
        lock (_gate)
        {
            if (entry.Revision <= _newest)
                return;
            _newest = entry.Revision;
            _entries = _entries.Enqueue(entry);
            if (++_count > Kept)
            {
                _entries = _entries.Dequeue();
                _count--;
            }

            foreach (var follower in _followers)
                follower.Writer.TryWrite(entry);
        }
    }

    /// <summary>Entries from a revision on, oldest first.</summary>
    public IEnumerable<JournalEntry> From(long revision)
    {
        lock (_gate)
            return _entries.SkipWhile(e => e.Revision < revision);
    }

    /// <summary>
    /// Entries from a revision on and all that come, until cancelled. A reader that falls behind by 1,000 entries misses the oldest.
    /// </summary>
    public async IAsyncEnumerable<JournalEntry> FollowAsync(
        long revision, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<JournalEntry>(
            new BoundedChannelOptions(FollowerBacklog) { FullMode = BoundedChannelFullMode.DropOldest });
        ImmutableQueue<JournalEntry> past;
        lock (_gate)
        {
            past = _entries;
            _followers.Add(channel);
        }

        try
        {
            foreach (var entry in past.SkipWhile(e => e.Revision < revision))
                yield return entry;
            await foreach (var entry in channel.Reader.EachAsync(cancellation))
                yield return entry;
        }
        finally
        {
            lock (_gate)
                _followers.Remove(channel);
        }
    }
}
