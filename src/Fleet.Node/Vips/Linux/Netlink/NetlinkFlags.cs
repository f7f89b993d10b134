namespace Fleet.Node.Vips.Linux.Netlink;

/// <summary>Flags of requests, from netlink(7).</summary>
internal static class NetlinkFlags
{
    public const ushort Request = 0x01;
    public const ushort Acknowledge = 0x04;
    public const ushort Dump = 0x300;
    public const ushort Exclusive = 0x200;
    public const ushort Create = 0x400;
}
