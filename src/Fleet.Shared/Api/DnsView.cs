using System.Collections.Immutable;

namespace Fleet.Shared.Api;

/// <summary>What a node's DNS server has seen since its start. Each node reports its own at <c>/v1/dns</c>.</summary>
/// <param name="Queries">Messages received.</param>
/// <param name="Answers">Replies handed to the kernel.</param>
/// <param name="Counters">By kind, such as <c>answered</c> and <c>name-error</c>.</param>
/// <param name="Names">The names that have addresses now.</param>
public sealed record DnsView(long Queries, long Answers, ImmutableSortedDictionary<string, long> Counters, ImmutableArray<DnsNameView> Names);

/// <summary>One name.</summary>
/// <param name="Name">Without a dot at the end.</param>
/// <param name="Queries">Of any type.</param>
/// <param name="Addresses">How often each was given out.</param>
public sealed record DnsNameView(string Name, long Queries, ImmutableSortedDictionary<string, long> Addresses);
