using System.Net;
using Fleet.Node.Vips.Linux.Announcing;

namespace Fleet.Node.Tests.Vips.Wire;

public sealed class FrameTests
{
    private static readonly byte[] Mac = [2, 0, 0, 0, 0, 9];
    private static readonly byte[] Ipv4 = [10, 1, 2, 3];
    private static readonly byte[] Ipv6 = IPAddress.Parse("fd00::12:3456").GetAddressBytes();

    [Fact]
    public void Announcement_is_a_request_to_all_in_which_the_vip_asks_for_itself()
    {
        var frame = new byte[ArpFrames.Size];
        ArpFrames.WriteAnnouncement(frame, Mac, Ipv4);
        Convert.ToHexString(frame).ShouldBe(
            "FFFFFFFFFFFF" + "020000000009" + "0806" + "0001" + "0800" + "0604" + "0001"
            + "020000000009" + "0A010203" + "000000000000" + "0A010203");
    }

    [Fact]
    public void Probe_asks_for_the_vip_on_behalf_of_nobody()
    {
        var frame = new byte[ArpFrames.Size];
        ArpFrames.WriteProbe(frame, Mac, Ipv4);
        Convert.ToHexString(frame).ShouldEndWith("0001" + "020000000009" + "00000000" + "000000000000" + "0A010203");
    }

    [Fact]
    public void Ipv6_announcement_overrides_what_all_nodes_knew()
    {
        var frame = new byte[NdFrames.AnnouncementSize];
        NdFrames.WriteAnnouncement(frame, Mac, Ipv6);
        Convert.ToHexString(frame).ShouldBe(
            "333300000001" + "020000000009" + "86DD" + "60000000" + "0020" + "3AFF" + "FD000000000000000000000000123456"
            + "FF020000000000000000000000000001" + "8800" + Checksum(frame) + "20000000" + "FD000000000000000000000000123456" + "0201"
            + "020000000009");
        Sum(frame).ShouldBe(0xFFFFu);
    }

    [Fact]
    public void Ipv6_probe_goes_to_the_group_of_the_address_and_comes_from_nobody()
    {
        var frame = new byte[NdFrames.ProbeSize];
        NdFrames.WriteProbe(frame, Mac, Ipv6);
        Convert.ToHexString(frame).ShouldBe(
            "3333FF123456" + "020000000009" + "86DD" + "60000000" + "0018" + "3AFF" + new string('0', 32)
            + "FF0200000000000000000001FF123456" + "8700" + Checksum(frame) + "00000000" + "FD000000000000000000000000123456");
        Sum(frame).ShouldBe(0xFFFFu);
    }

    private static string Checksum(byte[] frame) => Convert.ToHexString(frame, 14 + 40 + 2, 2);

    /// <summary>Over a packet whose checksum is right the sum of RFC 4443 2.3 has all bits set.</summary>
    private static uint Sum(byte[] frame)
    {
        byte[] summed = [.. frame[(14 + 8)..(14 + 40)], 0, 0, 0, (byte)(frame.Length - 54), 0, 0, 0, 58, .. frame[54..]];
        var sum = summed.Chunk(2).Aggregate(0u, (total, pair) => total + ((uint)pair[0] << 8) + pair[1]);
        return (sum & 0xFFFF) + (sum >> 16);
    }
}
