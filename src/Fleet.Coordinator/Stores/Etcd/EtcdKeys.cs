using System.Globalization;
using System.Text;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>The names of a fleet's keys. Numbers have 20 digits, so that keys are in the order of their numbers.</summary>
internal sealed class EtcdKeys
{
    private readonly string _prefix;

    public EtcdKeys(string prefix)
    {
        _prefix = prefix.TrimEnd('/') + '/';
        Leader = Octets("leader");
        Term = Octets("term");
        Snapshot = Octets("snapshot");
        Closed = Octets("closed");
        JournalEnd = Octets("journal0");
        ChunksEnd = Octets("chunks0");
    }

    /// <summary>The <see cref="TermHolder"/> of whoever leads; it goes with a lease.</summary>
    public byte[] Leader { get; }

    /// <summary>The newest term there was: see <see cref="TermMark"/>.</summary>
    public byte[] Term { get; }

    /// <summary>Which snapshot counts: a <see cref="ChunkedValue"/>.</summary>
    public byte[] Snapshot { get; }

    /// <summary>A <see cref="StoreClosure"/>: nobody leads while it is there.</summary>
    public byte[] Closed { get; }

    /// <summary>Behind every entry: '0' follows '/'.</summary>
    public byte[] JournalEnd { get; }

    /// <summary>Behind everything that is in chunks.</summary>
    public byte[] ChunksEnd { get; }

    /// <summary>One entry, by its revision.</summary>
    public byte[] Journal(long revision) => Octets(Invariant($"journal/{revision:D20}"));

    /// <summary>What was too large for one transaction.</summary>
    public byte[] Chunk(string name, int number) => Octets(Invariant($"chunks/{name}/{number:D6}"));

    /// <summary>Before or behind all chunks of that name and, in order, of names that begin with it.</summary>
    public byte[] Chunks(string name) => Octets($"chunks/{name}");

    /// <summary>A name for the chunks of one try to write something: no two tries share it, so that none that comes late spoils another's.</summary>
    public static string ChunksOf(string kind, long revision, long term, int attempt) => Invariant($"{kind}-{revision:D20}-{term:D20}-{attempt}");

    /// <summary>The revision in a name that <see cref="ChunksOf"/> gave; null when it gave none like that.</summary>
    public static long? RevisionOfChunks(string? name) =>
        name?.Split('-') is [_, var revision, ..] && long.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>Where the chunks of that kind from that revision on begin.</summary>
    public static string ChunksFrom(string kind, long revision) => Invariant($"{kind}-{revision:D20}");

    /// <summary>The revision in the key of an entry; 0 when it is none.</summary>
    public long RevisionOf(byte[] key)
    {
        var text = Encoding.UTF8.GetString(key);
        var begin = $"{_prefix}journal/";
        return text.StartsWith(begin, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(begin.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : 0;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private byte[] Octets(string name) => Encoding.UTF8.GetBytes(_prefix + name);
}
