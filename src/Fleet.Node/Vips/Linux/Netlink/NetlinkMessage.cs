using System.Runtime.InteropServices;

namespace Fleet.Node.Vips.Linux.Netlink;

/// <summary>One message that was read.</summary>
internal readonly ref struct NetlinkMessage
{
    /// <summary>Types that mean the same in every family (netlink(7)).</summary>
    private const ushort ErrorType = 2;
    private const ushort DoneType = 3;

    public ushort Type { get; init; }

    public uint Sequence { get; init; }

    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>An answer to one request, good or not: <see cref="Error"/> says which.</summary>
    public bool IsAnswer => Type == ErrorType;

    /// <summary>The last message of a dump.</summary>
    public bool IsDone => Type == DoneType;

    /// <summary>The error number of an answer or of a dump that has ended; 0 if all is well.</summary>
    public int Error => Body.Length < 4 ? 0 : -MemoryMarshal.Read<int>(Body);
}
