using Fleet.Node.Vips.Linux.Netlink;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Connections;

/// <summary>
/// Ends connections of VIPs, whichever process has them (SOCK_DESTROY of sock_diag(7)). Clients get a reset as long as the VIP is held; afterwards
/// the rules would drop it, and they would wait in vain.
/// </summary>
internal sealed class ConnectionKiller : IDisposable
{
    private const int AtOnce = 1000;
    private readonly NetlinkSocket _socket = new(NetlinkSocket.SocketDiagnosis);
    private readonly NetlinkWriter _writer = new();

    /// <summary>Ends the connections of these VIPs.</summary>
    /// <exception cref="NetlinkException">The kernel cannot do it, or a connection is still there.</exception>
    public void Kill(IReadOnlyCollection<VipAddress> vips)
    {
        var found = new List<HostSocket>();
        Find(found, [.. vips.Where(vip => !vip.IsV6)], [SocketMessages.Inet, SocketMessages.Inet6]);
        Find(found, [.. vips.Where(vip => vip.IsV6)], [SocketMessages.Inet6]);
        foreach (var some in found.Chunk(AtOnce))
        {
            _writer.Clear();
            foreach (var socket in some)
                SocketMessages.WriteDestroy(_writer, socket);
            foreach (var error in _socket.Exchange(_writer).Values)
                if (error != Errno.NotFound) // It has ended meanwhile.
                    throw new NetlinkException("ending the connections of a VIP", error);
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Find(List<HostSocket> found, VipAddress[] vips, byte[] families)
    {
        if (vips.Length == 0)
            return;
        var wanted = vips.Select(vip => vip.Value).ToHashSet();
        var (address, length) = SharedPrefix.Find(vips);
        foreach (var family in families)
        {
            _writer.Clear();
            SocketMessages.WriteDump(_writer, family, address, length);
            _socket.Dump(_writer, "the connections of this host", (in NetlinkMessage message) =>
            {
                if (SocketMessages.TryRead(message, out var socket) && wanted.Contains(socket.Local))
                    found.Add(socket);
            });
        }
    }
}
