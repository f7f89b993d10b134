using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Gslb;
using Fleet.Shared.Model;

namespace Fleet.Shared.Tests.Gslb;

/// <summary>From an address to its site, by longest prefix.</summary>
public class ClientTableTests
{
    [Theory]
    [InlineData("10.1.2.3", "a", 12)]
    [InlineData("10.9.9.9", "a", 12)]
    [InlineData("10.16.0.0", "b", 22)]
    [InlineData("10.16.5.1", "b", 24)]
    [InlineData("10.16.4.200", "a", 25)]
    [InlineData("10.16.4.7", "c", 32)]
    [InlineData("10.16.4.6", "a", 32)]
    [InlineData("11.0.0.0", null, 8)]
    [InlineData("255.255.255.255", "c", 32)]
    [InlineData("2001:db8::1", "b", 33)]
    [InlineData("2001:db8:8000::", "a", 33)]
    [InlineData("2001:db9::", null, 32)]
    public void The_longest_prefix_says_whose_client_it_is_and_the_scope_how_far_that_holds(string address, string? site, int scope)
    {
        var table = Table(
            ("a", "10.0.0.0/8"),
            ("b", "10.16.0.0/12"),
            ("a", "10.16.4.0/24"),
            ("c", "10.16.4.7"),
            ("c", "255.255.255.255"),
            ("b", "2001:db8::/32"),
            ("a", "2001:db8:8000::/33"));
        var (bits, isV6) = Bits(address);
        var place = table.Find(bits, isV6);
        table.NameOf(place)?.Value.ShouldBe(site);
        ((int)place.Scope).ShouldBe(scope);
        ScopeHolds(table, bits, isV6, place);
    }

    [Fact]
    public void Where_nobody_is_anybodys_the_scope_is_everybody()
    {
        ClientTable.Empty.Find(Bits("10.1.2.3").Bits, false).ShouldBe(new ClientPlace(-1, 0));
        Table(("a", "0.0.0.0/0")).Find(Bits("10.1.2.3").Bits, false).ShouldBe(new ClientPlace(0, 0));
    }

    [Fact]
    public void Any_table_agrees_with_looking_through_all_prefixes()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var isV6 = seed % 3 == 0;
            var topology = new[] { "a", "b", "c" }.ToImmutableSortedDictionary(
                name => new SiteName(name),
                _ => Enumerable.Range(0, random.Next(12)).Select(_ => RandomPrefix(random, isV6)).Distinct().ToImmutableArray());
            var table = ClientTable.Build(topology);
            foreach (var address in Edges(topology).Concat(Enumerable.Range(0, 50).Select(_ => RandomPrefix(random, isV6).Bits)))
            {
                var place = table.Find(address, isV6);
                table.NameOf(place).ShouldBe(Slow(topology, address), $"seed {seed}, {new Prefix(address, (byte)(isV6 ? 128 : 32), isV6)}");
                ScopeHolds(table, address, isV6, place);
            }
        }
    }

    [Fact]
    public void A_hundred_thousand_prefixes_are_found_again()
    {
        var random = new Random(7);
        var prefixes = Enumerable
            .Range(0, 100_000)
            .Select(_ => new Prefix((UInt128)(uint)random.Next() << 97 & Prefix.MaskOf(24), 24, false))
            .Distinct()
            .ToArray();
        var topology = prefixes.Select((prefix, i) => (prefix, Site: new SiteName($"s{i % 10}"))).GroupBy(pair => pair.Site)
            .ToImmutableSortedDictionary(group => group.Key, group => group.Select(pair => pair.prefix).ToImmutableArray());
        var table = ClientTable.Build(topology);
        foreach (var (site, mine) in topology)
            mine.ShouldAllBe(prefix => table.NameOf(table.Find(prefix.Bits | 1, false)) == site);
    }

    /// <summary>Flipping any bit behind the scope, or setting all of them, leads to the same site; one bit less would not do.</summary>
    private static void ScopeHolds(ClientTable table, UInt128 address, bool isV6, ClientPlace place)
    {
        var behind = ~Prefix.MaskOf(place.Scope) & Prefix.MaskOf(isV6 ? 128 : 32);
        table.Find(address | behind, isV6).ShouldBe(place);
        table.Find(address & ~behind, isV6).ShouldBe(place);
        if (place.Scope > 0)
        {
            var neighbour = address ^ (UInt128.One << (128 - place.Scope));
            var (low, high) = (neighbour & Prefix.MaskOf(place.Scope), neighbour | behind);
            (table.Find(low, isV6) == place && table.Find(high, isV6) == place).ShouldBeFalse();
        }
    }

    private static IEnumerable<UInt128> Edges(ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>> topology) =>
        from prefix in topology.Values.SelectMany(prefixes => prefixes)
        let step = UInt128.One << (prefix.IsV6 ? 0 : 96)
        from edge in new[] { prefix.Bits, prefix.Bits - step, (prefix.Bits | ~Prefix.MaskOf(prefix.Length)) & Prefix.MaskOf(prefix.IsV6 ? 128 : 32),
            (prefix.Bits | ~Prefix.MaskOf(prefix.Length)) + 1 }
        select edge;

    private static SiteName? Slow(ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>> topology, UInt128 address)
    {
        var matching = topology.SelectMany(site =>
            site.Value
                .Where(prefix => (address & Prefix.MaskOf(prefix.Length)) == prefix.Bits)
                .Select(prefix => (prefix.Length, Site: site.Key)));
        return matching.OrderByDescending(match => match.Length).ThenBy(match => match.Site).Select(match => (SiteName?)match.Site).FirstOrDefault();
    }

    private static Prefix RandomPrefix(Random random, bool isV6)
    {
        var length = (byte)random.Next(isV6 ? 129 : 33);
        Span<byte> octets = stackalloc byte[16];
        random.NextBytes(octets[..(isV6 ? 16 : 4)]);
        octets[0] &= 3; // few heads, so that prefixes nest
        octets[1] &= 3;
        var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(octets);
        return new Prefix(bits & Prefix.MaskOf(length), length, isV6);
    }

    private static ClientTable Table(params (string Site, string Prefix)[] prefixes) => ClientTable.Build(
        prefixes.GroupBy(pair => new SiteName(pair.Site))
            .ToImmutableSortedDictionary(group => group.Key, group => group.Select(pair => Parse(pair.Prefix)).ToImmutableArray()));

    private static Prefix Parse(string text) => Prefix.TryParse(text, out var prefix) ? prefix : throw new FormatException(text);

    private static (UInt128 Bits, bool IsV6) Bits(string address) =>
        (Prefix.BitsOf(IPAddress.Parse(address)), address.Contains(':', StringComparison.Ordinal));
}
