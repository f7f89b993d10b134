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

    /// <summary>Pointer to a name, RFC 1035 3.3.12.</summary>
    Ptr = 12,

    /// <summary>Host information: the minimal answer to ANY, RFC 8482 4.2.</summary>
    Hinfo = 13,

    /// <summary>Mail exchange, RFC 1035 3.3.9.</summary>
    Mx = 15,

    /// <summary>Character strings, RFC 1035 3.3.14.</summary>
    Txt = 16,

    /// <summary>IPv6 address, RFC 3596 2.1.</summary>
    Aaaa = 28,

    /// <summary>Location of a service, RFC 2782.</summary>
    Srv = 33,

    /// <summary>EDNS pseudo record: never asked for, RFC 6891 6.1.1.</summary>
    Opt = 41,

    /// <summary>Delegation signer, RFC 4034 5.</summary>
    Ds = 43,

    /// <summary>Signature of a record set, RFC 4034 3.</summary>
    Rrsig = 46,

    /// <summary>Next name, and the types of this one: denial of existence, RFC 4034 4.</summary>
    Nsec = 47,

    /// <summary>Public key of a zone, RFC 4034 2.</summary>
    Dnskey = 48,

    /// <summary>The DS that the child would like its parent to have, RFC 7344 3.1.</summary>
    Cds = 59,

    /// <summary>The key that the child would like its parent's DS to name, RFC 7344 3.2.</summary>
    Cdnskey = 60,

    /// <summary>Says, in the type bitmap of an NSEC, that the name does not exist; RFC 9824 2.</summary>
    Nxname = 128,

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

    /// <summary>Who may issue certificates, RFC 8659.</summary>
    Caa = 257,
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

    /// <summary>No class: in updates, "this record goes" (RFC 2136 2.5.4).</summary>
    Nothing = 254,

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

    /// <summary>A name exists when it should not (RFC 2136 2.2).</summary>
    YxDomain = 6,

    /// <summary>A record set exists when it should not (RFC 2136 2.2).</summary>
    YxRrset = 7,

    /// <summary>A record set does not exist when it should (RFC 2136 2.2).</summary>
    NxRrset = 8,

    /// <summary>The server is not an authority for the zone, or does not let this asker in (RFC 2136 2.2, RFC 8945 5).</summary>
    NotAuth = 9,

    /// <summary>A name lies outside the zone of the update (RFC 2136 2.2).</summary>
    NotZone = 10,

    /// <summary>The server cookie is bad or missing (RFC 7873 8).</summary>
    BadCookie = 23,

    /// <summary>The EDNS version is not supported (RFC 6891 6.1.3): needs OPT in the reply.</summary>
    BadVers = 16,
}
