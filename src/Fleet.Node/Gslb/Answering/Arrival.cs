using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering;

/// <summary>How a query came in.</summary>
internal readonly ref struct Arrival
{
    /// <summary>Says how a query came in.</summary>
    public Arrival(ReadOnlySpan<byte> source, bool overTcp, Instant now)
    {
        Source = source;
        OverTcp = overTcp;
        Now = now;
    }

    /// <summary>The asker's address, 4 or 16 octets; the resolver's, where no client subnet is given.</summary>
    public ReadOnlySpan<byte> Source { get; }

    /// <summary>TCP has no payload limit but its own 65,535 octets.</summary>
    public bool OverTcp { get; }

    /// <summary>The moment it came in.</summary>
    public Instant Now { get; }

    /// <summary>The same moment by the wall clock, in seconds since 1970 UTC: signatures are dated. Not needed without <see cref="Keys"/>.</summary>
    public long UtcSeconds { get; init; }

    /// <summary>What answers are signed with; null signs nothing.</summary>
    public KeyRing? Keys { get; init; }
}
