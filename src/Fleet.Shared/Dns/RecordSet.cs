using System.Collections.Immutable;

namespace Fleet.Shared.Dns;

/// <summary>All records of one name and type (RFC 2181 5): they share a TTL, and their order means nothing.</summary>
/// <param name="Ttl">Seconds.</param>
/// <param name="Data">RDATA of each, names in it uncompressed; no two alike.</param>
public sealed record RecordSet(DnsName Name, DnsType Type, uint Ttl, ImmutableArray<ImmutableArray<byte>> Data);
