using System.Collections.Immutable;
using System.Threading.Channels;
using Fleet.Coordinator.State;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>The newest entries of the journal in memory, for people who look and for those who follow.</summary>
public sealed class RecentEvents
{
    private const int Kept = 5000;
    private const int FollowerBacklog = 1000;

    private readonly Lock gate = new();
    private readonly List<Channel<JournalEntry>> followers = [];
    private ImmutableQueue<JournalEntry> entries = [];
    private int count;

    public void Record(JournalEntry entry)
    {
        lock (gate)
        {
            entries = entries.Enqueue(entry);
            if (++count > Kept)
            {
                entries = entries.Dequeue();
                count--;
            }

            foreach (var follower in followers)
                follower.Writer.TryWrite(entry);
        }
    }

    /// <summary>Entries from a revision on, oldest first.</summary>
    public IEnumerable<JournalEntry> From(long revision)
    {
        lock (gate)
            return entries.SkipWhile(e => e.Revision < revision);
    }

    /// <summary>Entries from a revision on and all that come, until cancelled. A reader that falls behind by 1,000 entries misses the oldest.</summary>
    public async IAsyncEnumerable<JournalEntry> FollowAsync(
        long revision, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<JournalEntry>(new BoundedChannelOptions(FollowerBacklog) { FullMode = BoundedChannelFullMode.DropOldest });
        ImmutableQueue<JournalEntry> past;
        lock (gate)
        {
            past = entries;
            followers.Add(channel);
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
            lock (gate)
                followers.Remove(channel);
        }
    }
}
