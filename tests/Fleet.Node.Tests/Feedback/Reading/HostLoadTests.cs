using Fleet.Node.Feedback.Reading;

namespace Fleet.Node.Tests.Feedback.Reading;

/// <summary>What Linux tells of its load.</summary>
public sealed class HostLoadTests
{
    [Fact]
    public void Processor_is_idle_by_the_part_of_the_ticks_between_two_looks()
    {
        var before = HostLoad.Processor("cpu  100 0 100 800 50 0 0 0 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
        var after = HostLoad.Processor("cpu  160 0 120 820 50 0 0 0 0 0\n");
        HostLoad.IdleBetween(before, after).ShouldBe(0.2);
        HostLoad.IdleBetween(after, before).ShouldBeNull();
        HostLoad.IdleBetween(null, after).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu 1 2 3")]
    [InlineData("cpu a b c d e f g h")]
    public void Text_that_is_none_of_the_kernels_says_nothing(string stat) => HostLoad.Processor(stat).ShouldBeNull();

    [Fact]
    public void Memory_is_what_is_available()
    {
        HostLoad.Memory("MemTotal:       1000 kB\nMemFree:  10 kB\nMemAvailable:    250 kB\n").ShouldBe(0.25);
        HostLoad.Memory("MemTotal: 0 kB").ShouldBeNull();
    }

    [Fact]
    public void Link_is_idle_by_what_it_could_have_carried()
    {
        HostLoad.Network(62_500_000, 1, 1000).ShouldBe(0.5);
        HostLoad.Network(1_000_000_000, 1, 1000).ShouldBe(0);
        HostLoad.Network(1, 1, null).ShouldBeNull();
        HostLoad.Network(1, 1, -1).ShouldBeNull();
    }
}
