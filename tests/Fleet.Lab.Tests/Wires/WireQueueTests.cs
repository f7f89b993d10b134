using System.Net;
using Fleet.Lab.Topology;
using Fleet.Lab.Wires;
using Fleet.Shared.Model;

namespace Fleet.Lab.Tests.Wires;

public sealed class WireQueueTests
{
    private static readonly LabTopology Sites = Examples.Find(Examples.TwoSites, "lab")!;
    private static readonly Instant Start = new(1_000_000);
    private const int MarkAt = 50;
    private const int PacketSize = 60;

    [Fact]
    public void Without_a_rule_a_packet_is_due_when_it_comes() => Due(Queue(), "10.1.1.1", "10.2.1.1", Start).ShouldBe(Start);

    [Fact]
    public void Packet_is_due_its_delay_later() =>
        Due(Queue(Wire("dc1", "dc2", new WireShape { DelayMs = 20 })), "10.1.1.1", "10.2.1.1", Start).ShouldBe(Start + Ms(20));

    [Theory]
    [InlineData("fd00::1:0:0:1:1", "fd00::2:0:0:1:1", 20)]
    [InlineData("fd00::2:0:0:1:1", "fd00::1:0:0:1:1", 5)]
    [InlineData("10.2.1.1", "10.1.1.1", 5)]
    [InlineData("10.101.1.1", "10.102.1.1", 20)]
    [InlineData("10.1.1.1", "10.100.4.1", 0)]
    public void Ways_differ_by_direction_and_place(string from, string to, int delay)
    {
        var queue = Queue(
            Wire("dc1", "dc2", new WireShape { DelayMs = 20 }) with { BothWays = false },
            Wire("dc2", "dc1", new WireShape { DelayMs = 5 }) with { BothWays = false });
        Due(queue, from, to, Start).ShouldBe(Start + Ms(delay));
    }

    [Fact]
    public void Jitter_is_added_by_chance_and_takes_no_packet_past_another()
    {
        var queue = Queue(Wire("dc1", "dc2", new WireShape { DelayMs = 10, JitterMs = 10 }));
        var dues = Enumerable.Range(0, 1000).Select(i => Push(queue, "10.1.1.1", "10.2.1.1", Start + Ms(i), (byte)i)!.Value).ToArray();
        dues.ShouldAllBe(due => due >= Start + Ms(10) && due <= Start + Ms(1000 + 20));
        dues.Zip(Enumerable.Range(0, 1000), (due, i) => (due - (Start + Ms(i))).TotalMilliseconds).Max().ShouldBeGreaterThan(19);
        Arrivals(queue).ShouldBe(Enumerable.Range(0, 1000).Select(i => (byte)i));
    }

    [Fact]
    public void Packets_overtake_each_other_where_they_may()
    {
        var queue = Queue(Wire("dc1", "dc2", new WireShape { JitterMs = 50, Reorder = true }));
        for (var i = 0; i < 100; i++)
            Push(queue, "10.1.1.1", "10.2.1.1", Start + Ms(i), (byte)i);
        var order = Arrivals(queue).ToArray();
        order.Length.ShouldBe(100);
        order.ShouldNotBe(order.Order().ToArray());
    }

    [Fact]
    public void Order_is_kept_when_the_delay_goes_while_packets_are_under_way()
    {
        var queue = Queue(Wire("dc1", "dc2", new WireShape { DelayMs = 100 }));
        Push(queue, "10.1.1.1", "10.2.1.1", Start, 1);
        queue.Rules = WireRules.None;
        Push(queue, "10.1.1.1", "10.2.1.1", Start + Ms(1), 2).ShouldBe(Start + Ms(100));
        Push(queue, "10.1.1.2", "10.2.1.1", Start + Ms(1), 3).ShouldBe(Start + Ms(1), "others wait for nobody");
        Arrivals(queue).ShouldBe([3, 1, 2]);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Share_that_is_said_is_lost(double share)
    {
        var queue = Queue(Wire("dc1", "dc2", new WireShape { Loss = share }));
        for (var i = 0; i < 20_000; i++)
            Push(queue, "10.1.1.1", "10.2.1.1", Start, 0);
        ((double)queue.Lost / queue.Taken).ShouldBe(share, 0.015);
    }

    [Fact]
    public void Cut_way_lets_nothing_through()
    {
        var queue = Queue(Wire("dc1", "dc2", new WireShape { Loss = 1 }));
        for (var i = 0; i < 1000; i++)
            Push(queue, "10.1.1.1", "10.2.1.1", Start, 0);
        queue.Count.ShouldBe(0);
        queue.Lost.ShouldBe(1000);
    }

    [Fact]
    public void Of_several_rules_the_last_counts()
    {
        var queue = Queue(
            Wire("dc1", Places.All, new WireShape { DelayMs = 20 }),
            Wire("adc-1", Places.All, new WireShape { DelayMs = 3 }));
        Due(queue, "10.1.1.1", "10.2.1.1", Start).ShouldBe(Start + Ms(3));
        Due(queue, "10.1.1.3", "10.2.1.1", Start).ShouldBe(Start + Ms(20));
    }

    [Fact]
    public void Queue_has_an_end()
    {
        var queue = Queue(Wire("dc1", "dc2", new WireShape { DelayMs = 100 }));
        for (var i = 0; i < WireQueue.PacketsMax + 5; i++)
            Push(queue, "10.1.1.1", "10.2.1.1", Start, 0);
        queue.Count.ShouldBe(WireQueue.PacketsMax);
        queue.Overflowed.ShouldBe(5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("45")]
    [InlineData("6000000000000000000000000000000000000000")]
    [InlineData("F500000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_packet_is_lost(string hex)
    {
        var queue = Queue();
        var buffer = queue.Rent();
        var bytes = Convert.FromHexString(hex);
        bytes.CopyTo(buffer, 0);
        queue.Push(buffer, bytes.Length, Start);
        (queue.Count, queue.Lost).ShouldBe((0, 1));
    }

    [Fact]
    public void Rule_takes_the_place_of_the_one_between_the_same_ends()
    {
        var rules = WireRules.None.With(Wire("dc1", "dc2", new WireShape { DelayMs = 20 }), Sites)
            .With(Wire("dc1", "dc2", new WireShape { DelayMs = 1 }) with { BothWays = false }, Sites);
        rules.Rules.Select(rule => (rule.From, rule.To, rule.Shape.DelayMs)).ShouldBe([("dc2", "dc1", 20), ("dc1", "dc2", 1)]);
    }

    [Fact]
    public void Rules_are_read_back_from_their_file()
    {
        var rules = WireRules.Of(Examples.Find(Examples.Far, "lab")!);
        WireJson.Write(WireJson.Read(WireJson.Write(rules))).ShouldBe(WireJson.Write(rules));
        rules.Rules.Length.ShouldBe(4);
    }

    private static LabWire Wire(string from, string to, WireShape shape) => new(from, to, shape);

    private static WireQueue Queue(params LabWire[] wires) => new(seed: 7) { Rules = WireRules.Of(Sites with { Wires = [.. wires] }) };

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static Instant? Due(WireQueue queue, string from, string to, Instant now) => Push(queue, from, to, now, 0);

    private static Instant? Push(WireQueue queue, string from, string to, Instant now, byte mark)
    {
        var buffer = queue.Rent();
        var v6 = from.Contains(':');
        buffer.AsSpan().Clear();
        buffer[0] = (byte)(v6 ? 0x60 : 0x45);
        IPAddress.Parse(from).GetAddressBytes().CopyTo(buffer, v6 ? 8 : 12);
        IPAddress.Parse(to).GetAddressBytes().CopyTo(buffer, v6 ? 24 : 16);
        buffer[MarkAt] = mark;
        return queue.Push(buffer, PacketSize, now);
    }

    /// <summary>The marks of all packets in the order in which they arrive.</summary>
    private static IEnumerable<byte> Arrivals(WireQueue queue)
    {
        while (queue.TryPop(Instant.Forever, out var packet))
            yield return packet.Buffer[MarkAt];
    }
}
