using System.Net;
using Fleet.Node.Vips.Linux.Connections;
using Fleet.Node.Vips.Linux.Interfaces;
using Fleet.Node.Vips.Linux.Leases;
using Fleet.Node.Vips.Linux.Netlink;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Vips.Wire;

public sealed class MessageTests
{
    private readonly NetlinkWriter _writer = new();

    [Fact]
    public void Address_is_added_whole_without_route_and_with_the_mark()
    {
        AddressMessages.WriteAdd(_writer, VipAddress.Parse("10.1.2.3"), 7);
        Written.ShouldBe(
            "38000000" + "1400" + "0506" + "01000000" + "00000000" + "02200000" + "07000000"
            + "08000200" + "0A010203" + "08000100" + "0A010203" + "08000800" + "00020000" + "05000B00" + "46000000");
    }

    [Fact]
    public void Ipv6_address_is_added_without_duplicate_detection()
    {
        AddressMessages.WriteAdd(_writer, VipAddress.Parse("fd00::1"), 7);
        Written.ShouldContain("0A800000" + "07000000" + "14000200" + "FD000000000000000000000000000001");
        Written.ShouldContain("08000800" + "02020000");
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("fd00::1")]
    public void Address_that_was_written_is_read_with_its_mark(string vip)
    {
        AddressMessages.WriteAdd(_writer, VipAddress.Parse(vip), 7);
        new NetlinkReader(_writer.Written).TryRead(out var message).ShouldBeTrue();
        AddressMessages.TryRead(message, out var address).ShouldBeTrue();
        address.ShouldBe(new InterfaceAddress(VipAddress.Parse(vip), 7, vip.Contains(':') ? 128 : 32, HasMark: true));
    }

    [Fact]
    public void Elements_are_renewed_with_time_out_and_expiration_in_network_order()
    {
        SetMessages.WriteBegin(_writer);
        SetMessages.WriteAdd(_writer, "t", "s", [10, 0, 0, 1, 10, 0, 0, 2], 4, TimeSpan.FromMilliseconds(500));
        SetMessages.WriteEnd(_writer);
        const string times = "0C000400" + "00000000000001F4" + "0C000500" + "00000000000001F4";
        Written.ShouldBe(
            "14000000" + "1000" + "0100" + "01000000" + "00000000" + "0000000A"
            + "78000000" + "0C0A" + "0504" + "02000000" + "00000000" + "05000000"
            + "06000100" + "74000000" + "06000200" + "73000000"
            + "54000380"
            + "28000180" + "0C000180" + "08000100" + "0A000001" + times
            + "28000180" + "0C000180" + "08000100" + "0A000002" + times
            + "14000000" + "1100" + "0100" + "03000000" + "00000000" + "0000000A");
    }

    [Fact]
    public void Elements_that_were_written_are_read_with_what_is_left_of_them()
    {
        SetMessages.WriteAdd(_writer, "t", "s", [10, 0, 0, 1, 10, 0, 0, 2], 4, TimeSpan.FromMilliseconds(500));
        new NetlinkReader(_writer.Written).TryRead(out var message).ShouldBeTrue();
        var elements = new List<SetElement>();
        SetMessages.Read(message, elements);
        elements.Select(element => (Convert.ToHexString(element.Key), element.Left.TotalMilliseconds))
            .ShouldBe([("0A000001", 500), ("0A000002", 500)]);
    }

    [Fact]
    public void As_many_elements_as_one_message_may_have_fit_into_it()
    {
        var keys = new byte[16 * SetMessages.ElementsMax];
        Should.NotThrow(() => SetMessages.WriteAdd(_writer, "fleet-vips", "held6", keys, 16, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Sockets_are_asked_for_by_the_prefix_of_their_own_address()
    {
        SocketMessages.WriteDump(_writer, 10, [10, 1, 0, 0], 16);
        Written.ShouldBe(
            "5C000000" + "1400" + "0103" + "01000000" + "00000000"
            + "0A060000" + "3E1B0000" + new string('0', 96)
            + "14000100" + "07101400" + "02100000" + "FFFFFFFF" + "0A010000");
    }

    [Fact]
    public void Socket_is_destroyed_by_what_the_kernel_called_it()
    {
        var id = Enumerable.Range(1, 48).Select(i => (byte)i).ToArray();
        SocketMessages.WriteDestroy(_writer, new HostSocket(2, IPAddress.Loopback, id));
        Written.ShouldBe("48000000" + "1500" + "0500" + "01000000" + "00000000" + "02060000" + "3E1B0000" + Convert.ToHexString(id));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", 32)]
    [InlineData("10.0.0.1", "10.0.0.2", 30)]
    [InlineData("10.0.0.1", "10.1.0.1", 15)]
    [InlineData("10.0.0.1", "192.0.0.1", 0)]
    [InlineData("fd00::1", "fd00::8000:0:0:1", 64)]
    public void Prefix_that_addresses_share_ends_at_the_first_bit_that_differs(string one, string other, int length)
    {
        var (address, found) = SharedPrefix.Find([VipAddress.Parse(one), VipAddress.Parse(other), VipAddress.Parse(one)]);
        found.ShouldBe(length);
        address.ShouldBe(IPAddress.Parse(one).GetAddressBytes());
    }

    private string Written => Convert.ToHexString(_writer.Written);
}
