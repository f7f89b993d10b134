using Fleet.Node.Tests.Vips.Networks;
using Fleet.Node.Vips.Linux.Conflicts;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing.Contracts;

namespace Fleet.Node.Tests.Vips;

/// <summary>Somebody else on the network, whom Fleet does not know, has an address that is a VIP.</summary>
[NeedsNetwork]
public sealed class ConflictTests : IDisposable
{
    private readonly Lan _lan = new();

    public void Dispose() => _lan.Dispose();

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Vip_that_somebody_answers_for_is_not_taken_and_the_reason_names_him(bool isV6)
    {
        var vip = Lan.Vip(isV6, 0);
        _lan.NodeB.Ip(Add(vip));
        await using var holder = Lan.Open(_lan.NodeA);
        var failed = await holder.HoldAsync([vip, Lan.Vip(isV6, 1)], In(60_000), CancellationToken.None);
        failed.Keys.ShouldBe([vip]);
        failed[vip].ShouldBe($"it is answered by {Lan.Mac(_lan.NodeB)}, which is not this node");
        Lan.Addresses(_lan.NodeA).ShouldNotContain(vip.ToString());
        Lan.Addresses(_lan.NodeA).ShouldContain(Lan.Vip(isV6, 1).ToString());
    }

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Somebody_who_claims_a_vip_that_is_held_is_reported_with_his_address_and_others_are_not(bool isV6)
    {
        await using var holder = Lan.Open(_lan.NodeA);
        var (vip, stranger) = (Lan.Vip(isV6, 0), Lan.Vip(isV6, 1));
        await holder.HoldAsync([vip], In(60_000), CancellationToken.None);
        holder.Conflicts.ShouldBeEmpty();
        Lan.Announce(_lan.NodeB, vip);
        Lan.Announce(_lan.NodeB, stranger);
        (await holder.HoldAsync([vip], In(60_000), CancellationToken.None)).ShouldBeEmpty("what is held is kept");
        var conflict = holder.Conflicts.ShouldHaveSingleItem().Value;
        conflict.Vip.ShouldBe(vip);
        VipClaim.Text(conflict.Mac).ShouldBe(Lan.Mac(_lan.NodeB));
        await holder.HoldAsync([], In(60_000), CancellationToken.None);
        holder.Conflicts.ShouldBeEmpty("a VIP that is not held is no conflict");
    }

    [ContractFact]
    public async Task Claim_of_before_the_vip_came_says_nothing()
    {
        await using var holder = Lan.Open(_lan.NodeA);
        var vip = Lan.Vip(false, 0);
        await holder.HoldAsync([vip], In(300), CancellationToken.None);
        await Task.Delay(400);
        Lan.Announce(_lan.NodeB, vip); // It had the VIP rightly, after this node's lease.
        (await holder.HoldAsync([vip], In(60_000), CancellationToken.None)).ShouldBeEmpty();
        holder.Conflicts.ShouldBeEmpty();
    }

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Address_that_the_host_has_from_somebody_else_is_refused_and_goes_on_to_work(bool isV6)
    {
        var vip = Lan.Vip(isV6, 0);
        _lan.NodeA.Ip(Add(vip));
        await using var holder = Lan.Open(_lan.NodeA);
        var failed = await holder.HoldAsync([vip], In(60_000), CancellationToken.None);
        failed[vip].ShouldBe("it is an address of this host already, and not one that Fleet has added");
        await holder.HoldAsync([], In(60_000), CancellationToken.None);
        await using var pinger = new Pinger(_lan.Client, vip);
        await pinger.AnsweredSinceAsync(Instant.Never, TimeSpan.FromSeconds(20));
    }

    private static Instant In(int milliseconds) => MonotonicClock.System.Now + TimeSpan.FromMilliseconds(milliseconds);

    private static string Add(VipAddress vip) => $"addr add {vip}/{(vip.IsV6 ? "128 nodad" : "32")} dev {Lan.Interface}";
}
