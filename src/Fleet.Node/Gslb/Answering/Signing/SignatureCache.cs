using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>
/// Signatures by what they sign. There is a fixed number of places, four to a set; a new entry in a full set drives out one of the four. Any thread
/// may look and keep at any time: entries are immutable and are put in place by one write, so the worst that a race can do is to lose an entry.
/// </summary>
internal sealed class SignatureCache
{
    private const int Ways = 4;

    private readonly Entry?[] _entries;
    private readonly int _setMask;
    private int _turn;

    /// <summary>A cache of 4 x 2^<paramref name="setBits"/> signatures.</summary>
    public SignatureCache(int setBits)
    {
        _entries = new Entry?[Ways << setBits];
        _setMask = (1 << setBits) - 1;
    }

    /// <summary>Finds the signature of <paramref name="content"/> by <paramref name="key"/>. Allocates nothing.</summary>
    public bool TryFind(SigningKey key, ReadOnlySpan<byte> content, out ReadOnlySpan<byte> signature)
    {
        var set = SetOf(content);
        for (var i = set; i < set + Ways; i++)
        {
            if (Volatile.Read(ref _entries[i]) is { } entry && ReferenceEquals(entry.Key, key) && entry.Content.SequenceEqual(content))
            {
                signature = entry.Signature;
                return true;
            }
        }

        signature = default;
        return false;
    }

    /// <summary>Remembers a signature.</summary>
    public void Keep(SigningKey key, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        var set = SetOf(content);
        var place = set;
        while (place < set + Ways && Volatile.Read(ref _entries[place]) is not null)
            place++;
        if (place == set + Ways)
            place = set + ((_turn = unchecked(_turn + 1)) & (Ways - 1));
        Volatile.Write(ref _entries[place], new Entry(key, [.. content, .. signature]));
    }

    private int SetOf(ReadOnlySpan<byte> content) => (DnsNameComparer.Instance.GetHashCode(content) & _setMask) * Ways;

    private sealed class Entry(SigningKey key, byte[] octets)
    {
        public SigningKey Key => key;

        public ReadOnlySpan<byte> Content => octets.AsSpan(0, octets.Length - DnsKey.SignatureSize);

        public ReadOnlySpan<byte> Signature => octets.AsSpan(octets.Length - DnsKey.SignatureSize);
    }
}
