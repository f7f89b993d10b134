using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering;

/// <summary>How queries are treated whatever zone they are for; immutable, and swapped whole.</summary>
internal sealed record ServingRules
{
    /// <summary>Nobody is limited, nothing is logged, no cookies, no transfers.</summary>
    public static readonly ServingRules Open = new();

    /// <summary>Makes and judges cookies; null gives none.</summary>
    public CookieKeys? Cookies { get; init; }

    /// <summary>The most equal responses per second to one client network over UDP, of all threads together; 0 is unbounded.</summary>
    public int ResponsesMax { get; init; }

    /// <summary>How many threads answer UDP; each grants its part of the rate.</summary>
    public int UdpThreads { get; init; } = 1;

    /// <summary>Microseconds from one response to the next at the rate that one thread grants; 0 is unbounded.</summary>
    public long ResponseIntervalMicros => ResponsesMax <= 0 ? 0 : Math.Max(1, 1_000_000L * UdpThreads / ResponsesMax);

    /// <summary>What part of the queries is logged, 0 to 1.</summary>
    public double QueryLog { get; init; }

    /// <summary>Who may transfer the zones.</summary>
    public ImmutableArray<Prefix> TransferTo { get; init; } = [];

    /// <summary>Whether an asker at that address, of 4 or 16 octets, may transfer the zones.</summary>
    public bool MayTransfer(ReadOnlySpan<byte> source)
    {
        foreach (var prefix in TransferTo)
        {
            if (prefix.Contains(source))
                return true;
        }

        return false;
    }
}
