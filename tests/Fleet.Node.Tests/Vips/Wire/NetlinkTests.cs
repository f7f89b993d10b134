using Fleet.Node.Vips.Linux.Netlink;

namespace Fleet.Node.Tests.Vips.Wire;

public sealed class NetlinkTests
{
    [Fact]
    public void Messages_and_nested_attributes_are_padded_to_four_octets_and_say_their_own_length()
    {
        var writer = new NetlinkWriter();
        writer.Begin(0x0A0C, 0x0405);
        writer.Bytes([5, 0, 0, 0]);
        writer.Attribute(1, "abcd");
        var list = writer.Open(3);
        writer.AttributeBigEndian(4, 500);
        writer.Attribute(5, 0x01020304);
        writer.Close(list);
        writer.End();
        Convert.ToHexString(writer.Written).ShouldBe(
            "38000000" + "0C0A" + "0504" + "01000000" + "00000000" + "05000000"
            + "0900" + "0100" + "6162636400000000"
            + "1800" + "0380" + "0C000400" + "00000000000001F4" + "08000500" + "04030201");
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var writer = new NetlinkWriter();
        writer.Begin(7, 0);
        writer.Attribute(1, [1, 2, 3]);
        writer.Attribute(2, [4]);
        writer.End();
        writer.Begin(8, 0);
        writer.End();
        var reader = new NetlinkReader(writer.Written);
        reader.TryRead(out var first).ShouldBeTrue();
        (first.Type, first.Sequence).ShouldBe(((ushort)7, 1u));
        AttributeReader.Find(first.Body, 1).ToArray().ShouldBe([1, 2, 3]);
        AttributeReader.Find(first.Body, 2).ToArray().ShouldBe([4]);
        AttributeReader.Find(first.Body, 3).IsEmpty.ShouldBeTrue();
        reader.TryRead(out var second).ShouldBeTrue();
        (second.Type, second.Sequence, second.Body.Length).ShouldBe(((ushort)8, 2u, 0));
        reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public void Answer_says_its_error_number_and_an_acknowledgement_has_none()
    {
        Read("14000000" + "0200" + "0000" + "09000000" + "00000000" + "FEFFFFFF").ShouldBe((true, false, 2));
        Read("14000000" + "0200" + "0000" + "09000000" + "00000000" + "00000000").ShouldBe((true, false, 0));
        Read("14000000" + "0300" + "0000" + "09000000" + "00000000" + "00000000").ShouldBe((false, true, 0));
    }

    [Fact]
    public void No_octets_make_a_reader_throw_or_go_on_for_ever()
    {
        var random = new Random(13);
        var writer = new NetlinkWriter();
        for (var i = 0; i < 3; i++)
        {
            writer.Begin(20, 0);
            writer.Attribute(1, [1, 2, 3, 4, 5]);
            writer.Attribute(2, [1]);
            writer.End();
        }

        for (var round = 0; round < 20_000; round++)
        {
            var octets = writer.Written[..random.Next(writer.Written.Length + 1)].ToArray();
            for (var flips = random.Next(4); flips > 0 && octets.Length > 0; flips--)
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            var reader = new NetlinkReader(octets);
            while (reader.TryRead(out var message))
            {
                _ = message.Error;
                var attributes = new AttributeReader(message.Body);
                while (attributes.TryRead(out _, out _))
                {
                }
            }
        }
    }

    private static (bool IsAnswer, bool IsDone, int Error) Read(string octets)
    {
        new NetlinkReader(Convert.FromHexString(octets)).TryRead(out var message).ShouldBeTrue();
        return (message.IsAnswer, message.IsDone, message.Error);
    }
}
