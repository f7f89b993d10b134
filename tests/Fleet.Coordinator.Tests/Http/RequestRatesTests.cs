using System.Net;
using Fleet.Http;

namespace Fleet.Coordinator.Tests.Http;

public sealed class RequestRatesTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Burst_is_let_through_and_what_comes_after_waits_for_the_rate()
    {
        var rates = new RequestRates(perSecond: 10, burst: 3, _time);
        for (var i = 0; i < 3; i++)
            Take(rates, "10.0.0.1").ShouldBeTrue();
        rates.TryTake(IPAddress.Parse("10.0.0.1"), out var retryAfter).ShouldBeFalse();
        retryAfter.ShouldBe(TimeSpan.FromMilliseconds(100));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Take(rates, "10.0.0.1").ShouldBeTrue();
        Take(rates, "10.0.0.1").ShouldBeFalse();
        _time.Advance(TimeSpan.FromHours(1));
        Enumerable.Range(0, 4).Count(_ => Take(rates, "10.0.0.1")).ShouldBe(3);
    }

    [Fact]
    public void Each_address_has_its_own_and_a_network_of_ipv6_is_one()
    {
        var rates = new RequestRates(perSecond: 1, burst: 1, _time);
        Take(rates, "10.0.0.1").ShouldBeTrue();
        Take(rates, "10.0.0.2").ShouldBeTrue();
        Take(rates, "::ffff:10.0.0.1").ShouldBeFalse();
        Take(rates, "2001:db8::1").ShouldBeTrue();
        Take(rates, "2001:db8::2").ShouldBeFalse();
        Take(rates, "2001:db8:0:1::2").ShouldBeTrue();
    }

    [Fact]
    public void Any_number_of_addresses_is_remembered_in_bounded_memory()
    {
        var rates = new RequestRates(perSecond: 1, burst: 1, _time);
        for (uint i = 0; i < 100_000; i++)
            rates.TryTake(new IPAddress(i), out _).ShouldBeTrue();
        rates.Count.ShouldBeLessThanOrEqualTo(16_384);
    }

    private static bool Take(RequestRates rates, string address) => rates.TryTake(IPAddress.Parse(address), out _);
}
