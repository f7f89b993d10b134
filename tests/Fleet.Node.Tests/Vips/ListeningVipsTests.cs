using System.Collections.Immutable;
using Fleet.Node.Vips;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Vips;

/// <summary>VIPs that a data plane listens on one by one, and that are addresses of the host besides.</summary>
public sealed class ListeningVipsTests
{
    private static readonly ImmutableSortedSet<VipAddress> Both = [VipAddress.Parse("10.1.0.1"), VipAddress.Parse("10.1.0.2")];
    private static readonly ImmutableSortedSet<VipAddress> One = [VipAddress.Parse("10.1.0.1")];
    private static readonly Instant Until = new(1_000_000);

    private readonly List<string> _told = [];
    private readonly Holder _listeners;
    private readonly Holder _addresses;
    private readonly ListeningVips _vips;

    public ListeningVipsTests()
    {
        (_listeners, _addresses) = (new Holder("listen", _told), new Holder("address", _told));
        _vips = new ListeningVips(_listeners, _addresses);
    }

    [Fact]
    public async Task Somebody_listens_before_a_vip_is_announced()
    {
        (await _vips.HoldAsync(Both, Until, CancellationToken.None)).ShouldBeEmpty();
        _told.ShouldBe(["listen 10.1.0.1 10.1.0.2", "address 10.1.0.1 10.1.0.2"]);
    }

    /// <summary>Clients get resets while the address is there to send them; once nobody listens, new ones would be refused.</summary>
    [Fact]
    public async Task Address_goes_before_its_listener_does()
    {
        await _vips.HoldAsync(Both, Until, CancellationToken.None);
        _told.Clear();
        await _vips.HoldAsync(One, Until, CancellationToken.None);
        _told.ShouldBe(["address 10.1.0.1", "listen 10.1.0.1", "address 10.1.0.1"]);
    }

    [Fact]
    public async Task Vip_that_nobody_can_listen_on_is_not_announced_and_the_reason_is_told()
    {
        _listeners.Refused = ["10.1.0.2"];
        var failed = await _vips.HoldAsync(Both, Until, CancellationToken.None);
        failed.ShouldHaveSingleItem().ToString().ShouldBe("[10.1.0.2, no listen]");
        _told[^1].ShouldBe("address 10.1.0.1");
    }

    /// <summary>A new port that is taken costs the other ports nothing.</summary>
    [Fact]
    public async Task Vip_that_is_held_already_is_kept_where_one_of_its_ports_fails()
    {
        await _vips.HoldAsync(Both, Until, CancellationToken.None);
        _listeners.Refused = ["10.1.0.2"];
        (await _vips.HoldAsync(Both, Until, CancellationToken.None)).Keys.ShouldBe([Both[1]]);
        _told[^1].ShouldBe("address 10.1.0.1 10.1.0.2");
    }

    [Fact]
    public async Task Address_that_somebody_else_has_is_told_with_its_reason()
    {
        _addresses.Refused = ["10.1.0.2"];
        (await _vips.HoldAsync(Both, Until, CancellationToken.None)).ShouldHaveSingleItem().ToString().ShouldBe("[10.1.0.2, no address]");
    }

    /// <summary>The kernel's lease ends, and a data plane that stands still has no VIP that others could not take.</summary>
    [Fact]
    public async Task Lease_is_not_renewed_while_the_data_plane_does_not_answer()
    {
        await _vips.HoldAsync(Both, Until, CancellationToken.None);
        _told.Clear();
        _listeners.IsDead = true;
        await Should.ThrowAsync<IOException>(() => _vips.HoldAsync(Both, Until, CancellationToken.None));
        _told.ShouldBe(["listen 10.1.0.1 10.1.0.2"]);
    }

    /// <summary>Whoever holds VIPs knows a renewal by its set.</summary>
    [Fact]
    public async Task Renewal_passes_on_the_same_set()
    {
        await _vips.HoldAsync(Both, Until, CancellationToken.None);
        await _vips.HoldAsync(Both, Until, CancellationToken.None);
        ReferenceEquals(_addresses.Last, Both).ShouldBeTrue();
    }

    private sealed class Holder(string name, List<string> told) : IVipHolder
    {
        public string[] Refused { get; set; } = [];

        public bool IsDead { get; set; }

        public ImmutableSortedSet<VipAddress>? Last { get; private set; }

        public Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(
            ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation)
        {
            told.Add(string.Join(' ', vips.Select(vip => $"{vip}").Prepend(name)));
            Last = vips;
            return IsDead
                ? throw new IOException("It does not answer.")
                : Task.FromResult(vips.Where(vip => Refused.Contains($"{vip}")).ToImmutableSortedDictionary(vip => vip, _ => $"no {name}"));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
