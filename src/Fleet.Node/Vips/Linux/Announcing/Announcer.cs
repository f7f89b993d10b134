using Fleet.Node.Vips.Linux.Interfaces;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Announcing;

/// <summary>Tells the neighbours on an interface whose a VIP is, and asks whether it is somebody else's.</summary>
internal sealed class Announcer(Link link) : IDisposable
{
    private readonly PacketSocket _socket = new(link.Index);
    private readonly byte[] _mac = link.Mac.GetAddressBytes();
    private long _lost;

    /// <summary>Frames that the interface did not take.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>These VIPs are here. Frames of VIPs that are not held are dropped by the rules.</summary>
    public void Announce(IEnumerable<VipAddress> vips) => Send(vips, isProbe: false);

    /// <summary>Are these VIPs somebody else's? Who answers is noted as a claim by the rules.</summary>
    public void Probe(IEnumerable<VipAddress> vips) => Send(vips, isProbe: true);

    public void Dispose() => _socket.Dispose();

    private void Send(IEnumerable<VipAddress> vips, bool isProbe)
    {
        Span<byte> frame = stackalloc byte[NdFrames.AnnouncementSize];
        Span<byte> bytes = stackalloc byte[16];
        foreach (var vip in vips)
        {
            vip.Value.TryWriteBytes(bytes, out var length);
            if (!_socket.TrySend(frame[..Write(frame, bytes[..length], isProbe)]))
                Interlocked.Increment(ref _lost);
        }
    }

    private int Write(Span<byte> frame, ReadOnlySpan<byte> vip, bool isProbe)
    {
        switch (vip.Length, isProbe)
        {
            case (4, true):
                ArpFrames.WriteProbe(frame, _mac, vip);
                return ArpFrames.Size;
            case (4, false):
                ArpFrames.WriteAnnouncement(frame, _mac, vip);
                return ArpFrames.Size;
            case (_, true):
                NdFrames.WriteProbe(frame, _mac, vip);
                return NdFrames.ProbeSize;
            default:
                NdFrames.WriteAnnouncement(frame, _mac, vip);
                return NdFrames.AnnouncementSize;
        }
    }
}
