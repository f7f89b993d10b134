using Fleet.Node.Tests.Vips.Networks;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing.Contracts;
using Xunit.Abstractions;

namespace Fleet.Node.Tests.Vips;

/// <summary>A VIP comes to another node: clients that knew the old one find the new one at once.</summary>
[NeedsNetwork]
public sealed class TakeoverTests(ITestOutputHelper output) : IDisposable
{
    private const int ArpSender = 28;
    private const int NdTarget = 14 + 40 + 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Lan _lan = new();

    public void Dispose() => _lan.Dispose();

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_that_knew_the_old_owner_finds_the_new_one_in_milliseconds(bool isV6)
    {
        var vip = Lan.Vip(isV6, 0);
        await using var old = Lan.Open(_lan.NodeA);
        await using var next = Lan.Open(_lan.NodeB);
        await next.HoldAsync([Lan.Vip(isV6, 1)], In(60_000), CancellationToken.None); // Whatever is slow at the start is over.
        await old.HoldAsync([vip], In(60_000), CancellationToken.None);
        await using var pinger = new Pinger(_lan.Client, vip);
        await pinger.AnsweredSinceAsync(Instant.Never, Patience);
        await old.HoldAsync([], In(60_000), CancellationToken.None);
        (await next.HoldAsync([vip, Lan.Vip(isV6, 1)], In(60_000), CancellationToken.None)).ShouldBeEmpty();
        var taken = MonotonicClock.System.Now;
        var found = await pinger.AnsweredSinceAsync(taken - TimeSpan.FromMilliseconds(50), Patience);
        output.WriteLine($"taken, then answered after {(found - taken).TotalMilliseconds:0.0} ms");
        found.ShouldBeLessThan(taken + TimeSpan.FromSeconds(1), "without an announcement it takes longer than three");
    }

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Takeover_is_announced_twice_and_a_renewal_is_not(bool isV6)
    {
        var vip = Lan.Vip(isV6, 0);
        using var capture = new FrameCapture(_lan.Client);
        await using var holder = Lan.Open(_lan.NodeA);
        await holder.HoldAsync([vip], In(60_000), CancellationToken.None);
        Announcements(capture, vip).Count.ShouldBe(1);
        while (Announcements(capture, vip).Count < 2)
            await Task.Delay(5, new CancellationTokenSource(Patience).Token);
        await holder.HoldAsync([vip], In(60_000), CancellationToken.None);
        await Task.Delay(200);
        var seen = Announcements(capture, vip);
        seen.Count.ShouldBe(2);
        (seen[1].At - seen[0].At).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(50));
    }

    [ContractFact]
    public async Task Vip_whose_lease_has_lapsed_is_announced_again_when_it_comes_back()
    {
        var vip = Lan.Vip(false, 0);
        using var capture = new FrameCapture(_lan.Client);
        await using var holder = Lan.Open(_lan.NodeA);
        await holder.HoldAsync([vip], In(300), CancellationToken.None);
        await Task.Delay(500);
        var before = Announcements(capture, vip).Count;
        await holder.HoldAsync([vip], In(60_000), CancellationToken.None);
        Announcements(capture, vip).Count.ShouldBe(before + 1);
    }

    [ContractFact]
    public async Task Announcement_of_a_vip_whose_lease_is_over_never_leaves()
    {
        var vip = Lan.Vip(false, 0);
        using var capture = new FrameCapture(_lan.Client);
        var holder = Lan.Open(_lan.NodeA);
        var end = In(500);
        await holder.HoldAsync([vip], end, CancellationToken.None);
        await holder.DisposeAsync();
        while (MonotonicClock.System.Now < end)
            await Task.Delay(5);
        var before = Announcements(capture, vip).Count;
        Lan.Announce(_lan.NodeA, vip);
        Lan.Announce(_lan.NodeB, vip); // where no rules are
        Announcements(capture, vip).Count.ShouldBe(before + 1);
    }

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thousand_vips_are_taken_at_once(bool isV6)
    {
        await using var holder = Lan.Open(_lan.NodeA);
        await holder.HoldAsync([], In(60_000), CancellationToken.None);
        var began = MonotonicClock.System.Now;
        var tries = 1;
        while ((await holder.HoldAsync([.. Lan.Vips(isV6, 1000)], In(60_000), CancellationToken.None)).Count > 0)
            tries++;
        var took = MonotonicClock.System.Now - began;
        output.WriteLine($"1,000 VIPs taken in {took.TotalMilliseconds:0} ms and {tries} orders, of which 100 ms each waited for answers");
        took.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        await using var pinger = new Pinger(_lan.Client, Lan.Vip(isV6, 999));
        await pinger.AnsweredSinceAsync(Instant.Never, Patience);
    }

    private static Instant In(int milliseconds) => MonotonicClock.System.Now + TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Gratuitous ARP requests: sender and target are the VIP. Unsolicited advertisements: nobody has asked for these.</summary>
    private static List<(Instant At, byte[] Frame)> Announcements(FrameCapture capture, VipAddress vip)
    {
        var address = vip.Value.GetAddressBytes();
        return vip.IsV6
            ? [.. capture.With(NdTarget, address).Where(seen => seen.Frame[14 + 40] == 136 && seen.Frame[0] == 0x33)]
            : [.. capture.With(ArpSender, address).Where(seen => seen.Frame[13] == 0x06 && seen.Frame.AsSpan(38, 4).SequenceEqual(address))];
    }
}
