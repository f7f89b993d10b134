using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;

namespace Fleet.Node.Tests.Relay;

/// <summary>
/// A relay is told only what it has not been told: most orders are renewals of a lease, and as small with ten thousand VIPs as with one.
/// </summary>
public sealed class RelayOrderTests
{
    private static readonly RelayOrder Wish = new()
    {
        Id = 7,
        Plan = new NodePlan { Services = [] },
        Backends = new BackendStates(),
        Hold = new RelayHold([.. Build.Vips(10_000)], 1),
        Draining = [Build.Vip(1)],
    };

    [Fact]
    public void Relay_that_knows_nothing_is_told_everything() => Wish.Without(new RelayOrder { Id = 0 }).ShouldBe(Wish);

    [Fact]
    public void Renewal_says_when_the_lease_ends_and_nothing_else()
    {
        var renewal = (Wish with { Id = 8, Hold = Wish.Hold! with { LeaseEndMicros = 2 } }).Without(Wish);
        renewal.ShouldBe(new RelayOrder { Id = 8, Hold = new RelayHold(null, 2) });
        RelayJson.Encode(renewal).Length.ShouldBeLessThan(80);
    }

    [Fact]
    public void What_has_changed_is_told()
    {
        var other = ImmutableSortedSet.Create(Build.Vip(2));
        (Wish with { Hold = new RelayHold(other, 1) }).Without(Wish).Hold.ShouldBe(new RelayHold(other, 1));
        (Wish with { Draining = other }).Without(Wish).Draining.ShouldBe(other);
    }

    [Fact]
    public void States_of_backends_are_told_without_the_services()
    {
        var states = new BackendStates();
        (Wish with { Backends = states }).Without(Wish).ShouldBe(new RelayOrder { Id = 7, Backends = states, Hold = new RelayHold(null, 1) });
    }
}
