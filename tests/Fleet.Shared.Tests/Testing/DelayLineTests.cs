using Fleet.Shared.Model;
using Fleet.Testing.Wan;

namespace Fleet.Shared.Tests.Testing;

/// <summary>What tests delay messages with, told the time.</summary>
public sealed class DelayLineTests
{
    private readonly Way _way = new() { Delay = TimeSpan.FromMilliseconds(10) };
    private readonly DelayLine<string> _line;

    public DelayLineTests() => _line = new DelayLine<string>(_way);

    [Fact]
    public void Each_arrives_a_delay_after_it_was_sent()
    {
        _line.Push("a", Build.At(0));
        _line.Push("b", Build.At(3));
        Arrived(9).ShouldBeEmpty();
        _line.NextDue.ShouldBe(Build.At(10));
        Arrived(12).ShouldBe(["a"]);
        Arrived(13).ShouldBe(["b"]);
        _line.NextDue.ShouldBe(Instant.Forever);
    }

    [Fact]
    public void Order_is_kept_when_the_delay_shrinks_or_varies()
    {
        _line.Push("a", Build.At(0));
        _way.Delay = TimeSpan.Zero;
        _line.Push("b", Build.At(1));
        Arrived(9).ShouldBeEmpty();
        Arrived(10).ShouldBe(["a", "b"]);

        _way.Jitter = TimeSpan.FromMilliseconds(100);
        var many = Enumerable.Range(0, 50).Select(i => $"{i}").ToArray();
        foreach (var one in many)
            _line.Push(one, Build.At(20));
        Arrived(40).Length.ShouldBeLessThan(50);
        _line.NextDue.ShouldBeLessThanOrEqualTo(Build.At(120));
        Arrived(120).Length.ShouldBeGreaterThan(0);
        _line.Count.ShouldBe(0);
    }

    [Fact]
    public void Cut_holds_everything_back_and_heals()
    {
        _line.Push("a", Build.At(0));
        _way.Cut();
        _line.Push("b", Build.At(5));
        Arrived(100).ShouldBeEmpty();
        _line.NextDue.ShouldBe(Instant.Forever);
        _way.Heal();
        Arrived(100).ShouldBe(["a", "b"]);
    }

    private string[] Arrived(double milliseconds)
    {
        var arrived = new List<string>();
        while (_line.TryPop(Build.At(milliseconds), out var item))
            arrived.Add(item);
        return [.. arrived];
    }
}
