using Fleet.Node.Core;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Core;

public sealed class PlaneHealthTests
{
    private static readonly LeaseTerms Lease = new(100, 400, 50);
    private readonly PlaneHealth _health = new();

    [Fact]
    public void Data_plane_that_answers_is_well()
    {
        _health.Update(Lease, At(0)).ShouldBeFalse();
        (_health.IsSilent, _health.IsIll, _health.Due(Lease)).ShouldBe((false, false, Instant.Forever));
    }

    [Fact]
    public void Silence_counts_after_three_quarters_of_a_lease_and_not_a_moment_sooner()
    {
        _health.Hear(At(1000), At(1010));
        _health.Due(Lease).ShouldBe(At(1300));
        _health.Update(Lease, At(1299)).ShouldBeFalse();
        _health.Update(Lease, At(1300)).ShouldBeTrue();
        (_health.IsSilent, _health.IsIll, _health.Due(Lease)).ShouldBe((true, true, Instant.Forever));
    }

    /// <summary>HAProxy that was killed is back within 120 ms.</summary>
    [Fact]
    public void Short_silence_is_nothing()
    {
        _health.Hear(At(1000), At(1000));
        _health.Hear(null, At(1250));
        _health.Update(Lease, At(5000)).ShouldBeFalse();
        (_health.IsSilent, _health.IsIll).ShouldBe((false, false));
    }

    [Fact]
    public void It_serves_as_soon_as_it_answers_and_is_ill_until_it_has_gone_on_doing_so()
    {
        _health.Hear(At(0), At(400));
        _health.Update(Lease, At(400)).ShouldBeTrue();
        _health.Hear(null, At(5000));
        _health.Update(Lease, At(5000)).ShouldBeTrue();
        (_health.IsSilent, _health.IsIll, _health.Due(Lease)).ShouldBe((false, true, At(7000)));
        _health.Update(Lease, At(6999)).ShouldBeFalse();
        _health.Update(Lease, At(7000)).ShouldBeTrue();
        _health.IsIll.ShouldBeFalse();
    }

    [Fact]
    public void Who_falls_silent_again_meanwhile_stays_ill()
    {
        _health.Hear(At(0), At(400));
        _health.Update(Lease, At(400));
        _health.Hear(null, At(5000));
        _health.Hear(At(6900), At(6900));
        _health.Update(Lease, At(7100));
        (_health.IsSilent, _health.IsIll).ShouldBe((false, true));
        _health.Hear(null, At(7150));
        _health.Update(Lease, At(9149));
        _health.IsIll.ShouldBeTrue();
        _health.Update(Lease, At(9150));
        _health.IsIll.ShouldBeFalse();
    }

    private static Instant At(long milliseconds) => new(milliseconds * 1000);
}
