using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>What was decided about a query.</summary>
internal readonly ref struct Outcome
{
    /// <summary>A reply about no name of ours.</summary>
    public Outcome(DnsRcode rcode)
    {
        Rcode = rcode;
        Counter = rcode switch
        {
            DnsRcode.NoError => Counter.Answered,
            DnsRcode.FormErr or DnsRcode.BadVers => Counter.Malformed,
            DnsRcode.NotImp => Counter.NotImplemented,
            DnsRcode.ServFail => Counter.NotReady,
            _ => Counter.Refused,
        };
    }

    private Outcome(DnsRcode rcode, Counter counter, ReadOnlySpan<byte> subject)
    {
        Rcode = rcode;
        Counter = counter;
        Subject = subject;
        IsAuthoritative = true;
    }

    /// <summary>The response code.</summary>
    public DnsRcode Rcode { get; }

    /// <summary>AA.</summary>
    public bool IsAuthoritative { get; }

    /// <summary>What it counts as.</summary>
    public Counter Counter { get; }

    /// <summary>
    /// The canonical name that similar replies are about. For an existing name it is the name itself. For others it is the zone, because an asker can
    /// invent any number of them. Empty for errors.
    /// </summary>
    public ReadOnlySpan<byte> Subject { get; }

    /// <summary>Whether the subject is the name asked for, and exists.</summary>
    public bool IsOfName => Counter is Counter.Answered or Counter.NoData && !Subject.IsEmpty;

    /// <summary>The name exists.</summary>
    public static Outcome Found(ReadOnlySpan<byte> name, bool hasData) => new(DnsRcode.NoError, hasData ? Counter.Answered : Counter.NoData, name);

    /// <summary>The name does not exist in <paramref name="zone"/>; a compact denial says so only in its records (RFC 9824 3.1).</summary>
    public static Outcome NoName(ReadOnlySpan<byte> zone, bool isSaid) => new(isSaid ? DnsRcode.NxDomain : DnsRcode.NoError, Counter.NameError, zone);
}
