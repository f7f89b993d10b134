using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// Counts how often each existing name was asked for and each of its addresses was given out. One thread writes, any thread reads. Names and
/// addresses are known by 64-bit hashes. Only what zones hold is counted, so nobody can aim at the table or fill it up. Allocates only when it grows,
/// which is when zones hold more than ever before.
/// </summary>
internal sealed class NameTally
{
    /// <summary>The most names and addresses counted; more go uncounted.</summary>
    public const int EntriesMax = PlacesMax / 4 * 3;

    private const int PlacesMax = 1 << 18;
    private const int PlacesMin = 1 << 8;

    private Entry[] _entries = new Entry[PlacesMin];
    private int _used;

    /// <summary>Counts a query for <paramref name="name"/> (canonical), and the addresses of its reply.</summary>
    /// <param name="name">The name asked for, canonical.</param>
    /// <param name="reply">The whole reply.</param>
    /// <param name="answersAt">Where its answer section starts.</param>
    /// <param name="answers">How many records that holds.</param>
    public void Count(ReadOnlySpan<byte> name, ReadOnlySpan<byte> reply, int answersAt, int answers)
    {
        var hash = HashOf((ulong)name.Length, name);
        Add(hash);
        for (; answers > 0 && DnsRecordView.TryRead(reply, answersAt, out var record); answers--)
        {
            answersAt = record.Next;
            if (record.Type is DnsType.A or DnsType.Aaaa)
                Add(HashOf(hash, record.Data));
        }
    }

    /// <summary>Queries for a name, canonical.</summary>
    public long Queries(ReadOnlySpan<byte> name) => Read(HashOf((ulong)name.Length, name));

    /// <summary>How often an address of 4 or 16 octets was given out for a name.</summary>
    public long Given(ReadOnlySpan<byte> name, ReadOnlySpan<byte> address) => Read(HashOf(HashOf((ulong)name.Length, name), address));

    private void Add(ulong hash)
    {
        ref var entry = ref Find(_entries, hash);
        if (entry.Hash == hash)
        {
            entry.Count++;
            return;
        }

        if (_used >= _entries.Length / 4 * 3)
        {
            if (_entries.Length == PlacesMax)
                return;
            Grow();
            entry = ref Find(_entries, hash);
        }

        _used++;
        entry.Count = 1;
        Volatile.Write(ref entry.Hash, hash);
    }

    private void Grow()
    {
        var larger = new Entry[_entries.Length * 4];
        foreach (var entry in _entries)
        {
            if (entry.Hash != 0)
                Find(larger, entry.Hash) = entry;
        }

        Volatile.Write(ref _entries, larger);
    }

    private long Read(ulong hash)
    {
        ref var entry = ref Find(Volatile.Read(ref _entries), hash);
        return Volatile.Read(ref entry.Hash) == hash ? Volatile.Read(ref entry.Count) : 0;
    }

    /// <summary>The place of a hash, or the free one where it would go; a quarter is always free.</summary>
    private static ref Entry Find(Entry[] entries, ulong hash)
    {
        var at = (int)(hash >> 32) & (entries.Length - 1);
        while (Volatile.Read(ref entries[at].Hash) is var found && found != hash && found != 0)
            at = (at + 1) & (entries.Length - 1);
        return ref entries[at];
    }

    /// <summary>Never 0, which marks a free place.</summary>
    private static ulong HashOf(ulong hash, ReadOnlySpan<byte> octets) => DnsNameComparer.HashOf(hash, octets) | 1;

    private struct Entry
    {
        public ulong Hash;
        public long Count;
    }
}
