using System.Net.Sockets;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Hostile;

public sealed class HostileNodeTests
{
    /// <summary>Of the agent of commit 0d62d88, which was killed by it at every start; put into the words of this build.</summary>
    private static string PoisonedMap => Path.Combine(AppContext.BaseDirectory, "Control", "Poisoned", "map.json");

    [Fact]
    public async Task Agent_starts_with_a_poisoned_map_and_says_what_it_leaves_out()
    {
        await using var node = await NodeChild.StartAsync(PoisonedMap);
        await Task.Delay(1500);
        node.IsRunning.ShouldBeTrue(node.Log);
        var map = await node.GetAsync("/v1/map");
        map["services"]!.AsObject().Select(s => s.Key).ShouldBe(["web"]);
        map["vips"]!.AsObject().Select(v => v.Key).ShouldBe(["127.77.1.1"]);
        node.Log.ShouldContain("this node leaves out service \"port\": pool.feedback.port: found 70000, allowed: a whole number from 1 to 65535");
        node.Log.ShouldContain("this node leaves out service \"zero\"");
        node.Log.ShouldContain("this node leaves out service \"two words\"");
    }

    [Fact]
    public async Task No_watch_datagram_ends_the_agent()
    {
        await using var node = await NodeChild.StartAsync(PoisonedMap);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var datagrams = Datagrams().ToArray();
        datagrams.Length.ShouldBeGreaterThan(200);
        foreach (var datagram in datagrams)
            await socket.SendToAsync(datagram, node.Watch);
        (await node.GetAsync("/v1/status"))["name"]!.GetValue<string>().ShouldBe("adc-1");
        node.IsRunning.ShouldBeTrue(node.Log);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("a\nb")]
    [InlineData("é")]
    [InlineData("")]
    public void Sender_without_a_name_is_not_read(string name)
    {
        var bytes = Datagram(1, name, 5);
        WitnessDatagram.TryRead(bytes, NoSeal.Instance, out _).ShouldBeFalse();
        WitnessDatagram.TryRead(Datagram(1, new string('x', 64), 5), NoSeal.Instance, out _).ShouldBeFalse();
        WitnessDatagram.TryRead(Datagram(1, new string('x', 63), 5), NoSeal.Instance, out _).ShouldBeTrue();
    }

    private static IEnumerable<byte[]> Datagrams()
    {
        var good = Datagram(1, "adc-2", 1);
        for (var length = 0; length <= good.Length; length++)
            yield return good[..length];
        for (var kind = 0; kind < 256; kind += 3)
            yield return Datagram((byte)kind, "adc-1", kind - 100);
        foreach (var number in new[] { long.MinValue, -1, 0, long.MaxValue })
            foreach (var name in new[] { "adc-1", "two words", "\u0000", "", new string('x', 64), new string('x', 255), "adc-9", "é" })
                yield return Datagram(1, name, number);
        var chance = new Random(7);
        for (var i = 0; i < 100; i++)
        {
            var noise = new byte[chance.Next(0, 1400)];
            chance.NextBytes(noise);
            yield return noise;
        }
    }

    private static byte[] Datagram(byte kind, string name, long number)
    {
        var bytes = new byte[WitnessDatagram.SizeMax + 1000];
        var length = new WitnessDatagram((WitnessKind)kind, new NodeName(name), number) { Run = new Incarnation(1) }.Write(bytes, NoSeal.Instance);
        return bytes[..length];
    }
}
