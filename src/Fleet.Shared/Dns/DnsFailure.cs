namespace Fleet.Shared.Dns;

/// <summary>Why a signed exchange with a server came to nothing.</summary>
public enum DnsFailureKind
{
    /// <summary>The server cannot be reached, or does not answer in time.</summary>
    Unreachable,

    /// <summary>The answer cannot be read.</summary>
    Unreadable,

    /// <summary>The answer is not signed as it must be.</summary>
    Untrusted,

    /// <summary>The server does not let us: key, rights, or clock.</summary>
    Refused,

    /// <summary>The zone is not as we believed: somebody else has written to it.</summary>
    Overtaken,

    /// <summary>The server tried and could not.</summary>
    Failed,
}

/// <param name="Text">A sentence without a dot at its end, with what to do about it where something can be done.</param>
public sealed record DnsFailure(DnsFailureKind Kind, string Text)
{
    /// <summary>What came is not an answer.</summary>
    public static readonly DnsFailure Unreadable = new(DnsFailureKind.Unreadable, "the answer cannot be read");

    /// <summary>
    /// What a reply's header and signature say; null if it is a signed "no error" to the request <paramref name="id"/>. A refusal is reported as one
    /// even where the server could not sign it (RFC 8945 5.2): it changes nothing, and the request is tried again.
    /// </summary>
    public static DnsFailure? Classify(in DnsHeader header, ushort id, TsigCheck check)
    {
        if (!header.IsResponse || header.Id != id || check.Outcome == TsigOutcome.Malformed)
            return Unreadable;
        if (check.Record is { Error: not TsigError.None } complaint && header.Rcode != DnsRcode.NoError)
            return OfComplaint(complaint);
        if (header.Rcode != DnsRcode.NoError)
            return OfRcode(header.Rcode);
        return check.Outcome switch
        {
            TsigOutcome.Good => null,
            TsigOutcome.Unsigned => new DnsFailure(DnsFailureKind.Untrusted, "the answer is not signed"),
            TsigOutcome.OtherKey => new DnsFailure(DnsFailureKind.Untrusted, "the answer is signed with another key"),
            TsigOutcome.OutOfTime => new DnsFailure(DnsFailureKind.Untrusted, "the answer was signed too long ago: set both clocks (NTP)"),
            _ => new DnsFailure(DnsFailureKind.Untrusted, "the answer's signature is wrong"),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static DnsFailure OfComplaint(TsigRecord complaint) => complaint.Error switch
    {
        TsigError.BadKey => Refuses($"the server does not know the key {complaint.Key} (BADKEY): give it the same name, algorithm and secret there"),
        TsigError.BadSig => Refuses($"the server has another secret for the key {complaint.Key} (BADSIG)"),
        TsigError.BadTime when complaint.OtherTime is { } theirs =>
            Refuses($"the server's clock differs from ours by {Math.Abs((decimal)theirs - complaint.TimeSigned):0} s (BADTIME): set both (NTP)"),
        TsigError.BadTime => Refuses("the server's clock differs too much from ours (BADTIME): set both (NTP)"),
        TsigError.BadTrunc => Refuses("the server wants a longer signature (BADTRUNC)"),
        _ => Refuses($"the server does not take the signature (TSIG error {(int)complaint.Error})"),
    };

    private static DnsFailure OfRcode(DnsRcode rcode) => rcode switch
    {
        DnsRcode.Refused => Refuses("the server refuses (REFUSED): it must let this key update and transfer the zone"),
        DnsRcode.NotAuth =>
            Refuses("the server is no authority for the zone, or does not take the key: look at its name, its secret and both clocks (NOTAUTH)"),
        DnsRcode.NotImp => Refuses("the server takes no updates (NOTIMP)"),
        DnsRcode.NotZone => Refuses("the server says that a name lies outside the zone (NOTZONE)"),
        DnsRcode.FormErr => Refuses("the server cannot read the request (FORMERR)"),
        DnsRcode.YxDomain or DnsRcode.YxRrset or DnsRcode.NxDomain or DnsRcode.NxRrset =>
            new DnsFailure(DnsFailureKind.Overtaken, $"somebody else has changed the zone since it was read ({rcode.ToString().ToUpperInvariant()})"),
        _ => new DnsFailure(DnsFailureKind.Failed, $"the server failed ({rcode.ToString().ToUpperInvariant()}): its log says why"),
    };

    private static DnsFailure Refuses(string text) => new(DnsFailureKind.Refused, text);
}
