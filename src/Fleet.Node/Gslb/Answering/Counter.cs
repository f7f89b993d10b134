namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// What a server counts. Every query is counted as one of <see cref="Answered"/> to <see cref="Slipped"/>, and under everything else that is true of
/// it.
/// </summary>
internal enum Counter
{
    /// <summary>Replies with records.</summary>
    Answered,

    /// <summary>The name exists, what was asked for does not.</summary>
    NoData,

    /// <summary>NXDOMAIN.</summary>
    NameError,

    /// <summary>REFUSED and NOTAUTH: not our zone, or not for this asker.</summary>
    Refused,

    /// <summary>FORMERR and BADVERS.</summary>
    Malformed,

    /// <summary>NOTIMP.</summary>
    NotImplemented,

    /// <summary>SERVFAIL: there is no map yet.</summary>
    NotReady,

    /// <summary>Too short for a header, or itself a response: never replied to.</summary>
    Unanswerable,

    /// <summary>Over the response rate, and not replied to.</summary>
    Limited,

    /// <summary>Over the response rate, and told to come back over TCP or with a cookie.</summary>
    Slipped,

    /// <summary>Replies with TC because the records did not fit.</summary>
    Truncated,

    /// <summary>Queries with a client cookie alone.</summary>
    CookieNew,

    /// <summary>Queries with a server cookie that is not good.</summary>
    CookieBad,

    /// <summary>Queries with a good server cookie.</summary>
    CookieValid,

    /// <summary>Queries over TCP.</summary>
    OverTcp,

    /// <summary>Zones handed over.</summary>
    Transfers,

    /// <summary>Replies that the kernel refused.</summary>
    Unsent,

    /// <summary>Queries picked for the log when its buffer was full.</summary>
    Unlogged,
}
