using System.Collections.Immutable;
using System.Net.NetworkInformation;
using Fleet.Node.Vips.Linux.Conflicts;
using Fleet.Node.Vips.Linux.Interfaces;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Vips;

public sealed class ConflictRuleTests
{
    private static readonly PhysicalAddress Mine = PhysicalAddress.Parse("02-00-00-00-00-01");
    private static readonly PhysicalAddress Foreign = PhysicalAddress.Parse("02-00-00-00-00-02");
    private static readonly PhysicalAddress Third = PhysicalAddress.Parse("02-00-00-00-00-03");
    private static readonly VipAddress Vip = VipAddress.Parse("10.0.0.1");
    private static readonly VipAddress Other = VipAddress.Parse("10.0.0.2");
    private readonly ConflictLedger _ledger = new();

    [Fact]
    public void Claim_of_a_vip_that_is_held_is_a_conflict_and_is_news_once()
    {
        Note(1, new VipClaim(Vip, Foreign)).ShouldHaveSingleItem().ToString()
            .ShouldBe("10.0.0.1 is also answered by 02:00:00:00:00:02, which is not this node");
        Note(2, new VipClaim(Vip, Foreign)).ShouldBeEmpty();
        _ledger.Current[Vip].ShouldBe(new VipConflict(Vip, Foreign, At(1), At(2)));
        Note(3, new VipClaim(Vip, Third)).ShouldHaveSingleItem().Mac.ShouldBe(Third);
    }

    [Fact]
    public void Own_interfaces_and_vips_that_are_not_held_are_no_conflict() =>
        Note(1, new VipClaim(Vip, Mine), new VipClaim(Other, Foreign)).ShouldBeEmpty();

    [Fact]
    public void Conflict_is_over_when_nobody_has_claimed_the_vip_for_three_rounds()
    {
        Note(0, new VipClaim(Vip, Foreign));
        Note(90);
        _ledger.Current.ShouldContainKey(Vip);
        Note(91);
        _ledger.Current.ShouldBeEmpty();
    }

    [Fact]
    public void Conflict_is_over_when_the_vip_is_not_held_any_more()
    {
        Note(0, new VipClaim(Vip, Foreign));
        _ledger.Note([], [], ImmutableHashSet.Create(Mine), At(1));
        _ledger.Current.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0A000001" + "020000000002" + "0000", "10.0.0.1")]
    [InlineData("FD000000000000000000000000000001" + "020000000002" + "0000", "fd00::1")]
    public void Claim_is_read_from_an_element_of_the_set(string key, string vip)
    {
        VipClaim.TryRead(Convert.FromHexString(key), out var claim).ShouldBeTrue();
        claim.ShouldBe(new VipClaim(VipAddress.Parse(vip), Foreign));
        VipClaim.TryRead(Convert.FromHexString(key).AsSpan(1), out _).ShouldBeFalse();
    }

    [Fact]
    public void Each_vip_is_asked_for_once_in_a_round()
    {
        ImmutableSortedSet<VipAddress> held = [.. Enumerable.Range(1, 90).Select(i => VipAddress.Parse($"10.0.0.{i}"))];
        var round = new ProbeRound();
        round.Next(held, At(0)).ShouldBeEmpty();
        var asked = Enumerable.Range(1, 300).Select(i => round.Next(held, At(i / 10.0))).ToArray();
        asked.SelectMany(some => some).Order().ShouldBe(held);
        asked.Max(some => some.Length).ShouldBe(1);
    }

    [Fact]
    public void After_a_stall_no_vip_is_asked_for_twice()
    {
        var round = new ProbeRound();
        round.Next([Vip, Other], At(0));
        round.Next([Vip, Other], At(1000)).Order().ShouldBe([Vip, Other]);
        round.Next([Vip, Other], At(1001)).Length.ShouldBeLessThan(2);
        round.Next([], At(1002)).ShouldBeEmpty();
    }

    [Fact]
    public void Many_ipv6_vips_are_advised_to_share_their_last_24_bits()
    {
        VipAddress[] slow = [.. Enumerable.Range(0, 301).Select(i => VipAddress.Parse($"2001:db8::1:{i:x}"))];
        VipAddress[] fast = [.. Enumerable.Range(0, 1000).Select(i => VipAddress.Parse($"2001:db8::{i:x}:0:1"))];
        SolicitedNodeGroups.Count(slow).ShouldBe(301);
        SolicitedNodeGroups.Advice(slow, "eth0").ShouldNotBeNull().ShouldStartWith("301 IPv6 VIPs that end with 301 different groups of 24 bits");
        SolicitedNodeGroups.Advice(slow[1..], "eth0").ShouldBeNull();
        SolicitedNodeGroups.Count(fast).ShouldBe(1);
        SolicitedNodeGroups.Advice(fast, "eth0").ShouldBeNull();
        SolicitedNodeGroups.Count([Vip, Other]).ShouldBe(0);
    }

    private static Instant At(double seconds) => new((long)(seconds * 1_000_000));

    private ImmutableArray<VipConflict> Note(double seconds, params VipClaim[] claims) =>
        _ledger.Note(claims, [Vip], ImmutableHashSet.Create(Mine), At(seconds));
}
