using Fleet.Lab.Wires;

namespace Fleet.Lab.Tests.Wires;

public sealed class LatenessTests
{
    [Fact]
    public void Without_packets_nothing_is_late() => new Lateness().QuantileMs(1).ShouldBe(0);

    [Fact]
    public void Quantile_is_rounded_up_to_a_power_of_two()
    {
        var lateness = new Lateness();
        for (var i = 0; i < 99; i++)
            lateness.Add(TimeSpan.FromMicroseconds(50));
        lateness.Add(TimeSpan.FromMicroseconds(5000));
        (lateness.QuantileMs(0.5), lateness.QuantileMs(0.99), lateness.QuantileMs(1)).ShouldBe((0.064, 0.064, 8.192));
    }
}
