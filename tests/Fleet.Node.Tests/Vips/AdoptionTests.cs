using Fleet.Node.Tests.Vips.Networks;
using Fleet.Node.Vips.Linux;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing.Contracts;

namespace Fleet.Node.Tests.Vips;

/// <summary>What an agent finds when it starts, and what becomes of it, and of all that is not Fleet's.</summary>
[NeedsNetwork]
public sealed class AdoptionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Lan _lan = new();

    public void Dispose() => _lan.Dispose();

    [ContractFact]
    public async Task Vips_whose_lease_still_runs_are_kept_and_no_client_notices()
    {
        var vips = new[] { Lan.Vip(false, 0), Lan.Vip(true, 0) };
        await LeaveAsync(vips, 10_000);
        await using var v4 = new Pinger(_lan.Client, vips[0]);
        await using var v6 = new Pinger(_lan.Client, vips[1]);
        await v4.AnsweredSinceAsync(Instant.Never, Patience);
        await v6.AnsweredSinceAsync(Instant.Never, Patience);
        var before = MonotonicClock.System.Now;
        await using var next = Lan.Open(_lan.NodeA);
        next.Found.ShouldBe(vips);
        (await next.HoldAsync(next.Found, In(10_000), CancellationToken.None)).ShouldBeEmpty();
        var after = MonotonicClock.System.Now;
        await v4.AnsweredSinceAsync(after, Patience);
        await v6.AnsweredSinceAsync(after, Patience);
        foreach (var pinger in new[] { v4, v6 })
            pinger.Answered.Count(at => at >= before && at < after).ShouldBe(pinger.Sent.Count(at => at >= before && at < after));
    }

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Vips_whose_lease_is_over_are_removed_and_nothing_of_anybody_else(bool areRulesGone)
    {
        _lan.NodeA.Ip($"addr add 10.77.200.1/32 dev {Lan.Interface}", $"addr add fd77::200:1/128 dev {Lan.Interface} nodad");
        _lan.NodeA.Run("nft", "add table netdev firewall\nadd set netdev firewall s { type ipv4_addr; }\n", "-f", "-");
        var before = Lan.Addresses(_lan.NodeA) + _lan.NodeA.Run("nft", "", "list", "ruleset");
        await LeaveAsync([Lan.Vip(false, 0), Lan.Vip(true, 0)], 300);
        await Task.Delay(400);
        if (areRulesGone)
            _lan.NodeA.Run("nft", "", "delete", "table", "netdev", "fleet-vips");
        await using var next = Lan.Open(_lan.NodeA);
        next.Found.ShouldBeEmpty();
        var there = Lan.Addresses(_lan.NodeA);
        there.ShouldNotContain(Lan.Vip(false, 0).ToString());
        there.ShouldNotContain(Lan.Vip(true, 0).ToString());
        await next.RemoveAsync(CancellationToken.None);
        (Lan.Addresses(_lan.NodeA) + _lan.NodeA.Run("nft", "", "list", "ruleset")).ShouldBe(before);
    }

    [ContractFact]
    public async Task Who_goes_in_good_order_leaves_nothing_behind()
    {
        var before = Lan.Addresses(_lan.NodeA) + _lan.NodeA.Run("nft", "", "list", "ruleset");
        await using var holder = Lan.Open(_lan.NodeA);
        await holder.HoldAsync([Lan.Vip(false, 0), Lan.Vip(true, 0)], In(60_000), CancellationToken.None);
        await holder.RemoveAsync(CancellationToken.None);
        (Lan.Addresses(_lan.NodeA) + _lan.NodeA.Run("nft", "", "list", "ruleset")).ShouldBe(before);
    }

    [ContractFact]
    public async Task Firewall_that_flushes_all_rules_takes_the_lease_away_until_the_next_order_and_no_longer()
    {
        var vip = Lan.Vip(false, 0);
        await using var holder = Lan.Open(_lan.NodeA);
        await holder.HoldAsync([vip], In(60_000), CancellationToken.None);
        _lan.NodeA.Run("nft", "", "flush", "ruleset");
        var end = In(1500);
        (await holder.HoldAsync([vip], end, CancellationToken.None)).ShouldBeEmpty();
        await using var pinger = new Pinger(_lan.Client, vip);
        await pinger.AnsweredSinceAsync(Instant.Never, Patience);
        while (MonotonicClock.System.Now < end + TimeSpan.FromMilliseconds(200))
            await Task.Delay(5);
        pinger.Answered.Max().ShouldBeLessThan(end);
    }

    [ContractFact]
    public async Task Interface_that_was_down_gets_its_vips_back_and_while_it_is_down_all_of_them_are_missing()
    {
        var vips = new[] { Lan.Vip(false, 0), Lan.Vip(true, 0) };
        await using var holder = Lan.Open(_lan.NodeA);
        await holder.HoldAsync([.. vips], In(60_000), CancellationToken.None);
        _lan.NodeA.Ip($"link set {Lan.Interface} down"); // Linux removes IPv6 addresses then
        (await holder.HoldAsync([.. vips], In(60_000), CancellationToken.None)).Keys.ShouldBe(vips);
        _lan.NodeA.Ip($"link set {Lan.Interface} up", $"addr add fd77::1/64 dev {Lan.Interface} nodad");
        var since = MonotonicClock.System.Now;
        while (!(await holder.HoldAsync([.. vips], In(60_000), CancellationToken.None)).IsEmpty)
            (MonotonicClock.System.Now - since).ShouldBeLessThan(Patience);
        foreach (var vip in vips)
        {
            await using var pinger = new Pinger(_lan.Client, vip);
            await pinger.AnsweredSinceAsync(Instant.Never, Patience);
        }
    }

    [ContractFact]
    public async Task Interface_that_is_gone_has_no_vips_and_one_that_comes_in_its_place_gets_them_under_a_lease()
    {
        var vip = Lan.Vip(false, 0);
        await using var holder = Lan.Open(_lan.NodeA);
        await holder.HoldAsync([vip], In(60_000), CancellationToken.None);
        _lan.NodeA.Ip($"link delete {Lan.Interface}");
        for (var i = 0; i < 2; i++)
            (await holder.HoldAsync([vip], In(60_000), CancellationToken.None))[vip].ShouldStartWith("eth0 is none of the interfaces lo");
        _lan.Connect(_lan.NodeA, "port9", "10.77.0.1");
        var end = In(2000);
        var since = MonotonicClock.System.Now;
        while (!(await holder.HoldAsync([vip], end, CancellationToken.None)).IsEmpty)
            (MonotonicClock.System.Now - since).ShouldBeLessThan(Patience);
        await using var pinger = new Pinger(_lan.Client, vip);
        await pinger.AnsweredSinceAsync(Instant.Never, Patience);
        while (MonotonicClock.System.Now < end + TimeSpan.FromMilliseconds(200))
            await Task.Delay(5);
        pinger.Answered.Max().ShouldBeLessThan(end);
    }

    [ContractFact]
    public void Interface_that_is_not_there_is_said_with_those_that_are()
    {
        var options = new LinuxVipsOptions { Interface = "eth7" };
        var e = Should.Throw<IOException>(() => _lan.NodeA.Run(() => LinuxVips.Open(options, MonotonicClock.System, Lan.NoLog)));
        e.Message.ShouldStartWith("eth7 is none of the interfaces lo, eth0");
    }

    private static Instant In(int milliseconds) => MonotonicClock.System.Now + TimeSpan.FromMilliseconds(milliseconds);

    private async Task LeaveAsync(VipAddress[] vips, int milliseconds)
    {
        await using var first = Lan.Open(_lan.NodeA);
        await first.HoldAsync([.. vips], In(60_000), CancellationToken.None); // Whatever is slow at the start is over.
        (await first.HoldAsync([.. vips], In(milliseconds), CancellationToken.None)).ShouldBeEmpty();
    }
}
