using Fleet.Node.Core;

namespace Fleet.Node.Tests.Core;

public sealed class BackoffTests
{
    [Fact]
    public void Pauses_double_from_50_milliseconds_to_a_second()
    {
        var pauses = new List<double>();
        for (var backoff = Backoff.None.More(); backoff.Failures <= 7; backoff = backoff.More())
            pauses.Add(backoff.Pause.TotalMilliseconds);
        pauses.ShouldBe([50, 100, 200, 400, 800, 1000, 1000]);
    }

    [Fact]
    public void What_has_not_failed_does_not_wait_and_what_fails_for_ever_waits_a_second()
    {
        Backoff.None.Pause.ShouldBe(TimeSpan.Zero);
        new Backoff(int.MaxValue).More().Pause.ShouldBe(TimeSpan.FromSeconds(1));
    }
}
