
namespace Fleet.Node.Tests.Checks;

public sealed class FakeTimeTests
{
    [Fact]
    public void Timers_fire_in_order_each_at_its_own_moment()
    {
        var time = new FakeTime();
        var start = time.GetUtcNow();
        var fired = new List<string>();
        using var every = time.CreateTimer(
            _ => fired.Add($"every {(time.GetUtcNow() - start).TotalSeconds}"), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        using var once = time.CreateTimer(
            _ => fired.Add($"once {(time.GetUtcNow() - start).TotalSeconds}"), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        time.Advance(TimeSpan.FromSeconds(5));
        fired.ShouldBe(["every 2", "once 3", "every 4"]);
        every.Dispose();
        time.Advance(TimeSpan.FromSeconds(5));
        fired.Count.ShouldBe(3);
        (time.GetUtcNow() - start).ShouldBe(TimeSpan.FromSeconds(10));
        time.GetElapsedTime(time.GetTimestamp()).ShouldBe(TimeSpan.Zero);
    }
}
