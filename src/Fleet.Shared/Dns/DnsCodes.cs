namespace Fleet.Shared.Dns;

/// <summary>Resource record types (IANA "DNS Parameters"). Values not listed here travel as plain numbers.</summary>
public enum DnsType : ushort
{
    /// <summary>No type: never valid on the wire.</summary>
    None = 0,

    /// <summary>IPv4 address, RFC 1035 3.4.1.</summary>
    A = 1,

    /// <summary>Name server of a zone, RFC 1035 3.3.11.</summary>
    Ns = 2,

    /// <summary>Alias, RFC 1035 3.3.1.</summary>
    Cname = 5,

    /// <summary>Start of authority, RFC 1035 3.3.13.</summary>
    Soa = 6,

    /// <summary>Host information: the minimal answer to ANY, RFC 8482 4.2.</summary>
    Hinfo = 13,

    /// <summary>Character strings, RFC 1035 3.3.14.</summary>
    Txt = 16,

    /// <summary>IPv6 address, RFC 3596 2.1.</summary>
    Aaaa = 28,

    /// <summary>EDNS pseudo record: never asked for, RFC 6891 6.1.1.</summary>
    Opt = 41,

    /// <summary>Key negotiation, RFC 2930: a meta type.</summary>
    Tkey = 249,

    /// <summary>Message signature, RFC 8945: a meta type.</summary>
    Tsig = 250,

    /// <summary>Incremental zone transfer, RFC 1995.</summary>
    Ixfr = 251,

    /// <summary>Zone transfer, RFC 5936.</summary>
    Axfr = 252,

    /// <summary>Whatever the server likes to give, RFC 8482.</summary>
    Any = 255,
}

/// <summary>Record classes, RFC 1035 3.2.4.</summary>
public enum DnsClass : ushort
{
    /// <summary>No class: never valid on the wire.</summary>
    None = 0,

    /// <summary>The Internet.</summary>
    In = 1,

    /// <summary>Chaosnet: where servers keep their version strings.</summary>
    Ch = 3,

    /// <summary>Any class, in questions only.</summary>
    Any = 255,
}

/// <summary>Kinds of query, four bits of the header; RFC 1035 4.1.1 and IANA.</summary>
public enum DnsOpcode : byte
{
    /// <summary>A standard query.</summary>
    Query = 0,

    /// <summary>Inverse query, made obsolete by RFC 3425.</summary>
    InverseQuery = 1,

    /// <summary>Server status request.</summary>
    Status = 2,

    /// <summary>Zone change notice, RFC 1996.</summary>
    Notify = 4,

    /// <summary>Dynamic update, RFC 2136.</summary>
    Update = 5,
}

/// <summary>Response codes: four bits in the header, eight more in OPT (RFC 6891 6.1.3).</summary>
public enum DnsRcode : ushort
{
    /// <summary>No error; with no answers it means "the name exists, the type does not" (NODATA, RFC 2308 2.2).</summary>
    NoError = 0,

    /// <summary>The server could not read the query.</summary>
    FormErr = 1,

    /// <summary>The server could read the query, but not do it.</summary>
    ServFail = 2,

    /// <summary>The name does not exist (RFC 2308 2.1).</summary>
    NxDomain = 3,

    /// <summary>This kind of query is not implemented.</summary>
    NotImp = 4,

    /// <summary>The server will not answer this.</summary>
    Refused = 5,

    /// <summary>The EDNS version is not supported (RFC 6891 6.1.3): needs OPT in the reply.</summary>
    BadVers = 16,
}
