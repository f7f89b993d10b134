using System.Net.Sockets;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Tests.Vips.Networks;

/// <summary>Everything that is seen on a host's interfaces, from when it is made.</summary>
public sealed class FrameCapture : IDisposable
{
    private const int AllProtocols = 0x0300; // ETH_P_ALL, in the network's byte order
    private readonly Socket _socket;
    private readonly List<(Instant At, byte[] Frame)> _frames = [];

    public FrameCapture(NetworkNamespace host) =>
        _socket = host.Run(() => new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)AllProtocols) { Blocking = false });

    /// <summary>Frames that hold these octets at that place.</summary>
    public IReadOnlyList<(Instant At, byte[] Frame)> With(int at, byte[] octets)
    {
        var buffer = new byte[2048];
        while (true)
        {
            var length = _socket.Receive(buffer, SocketFlags.None, out var error);
            if (error != SocketError.Success)
                break;
            _frames.Add((MonotonicClock.System.Now, buffer[..length]));
        }

        return [.. _frames.Where(frame => frame.Frame.AsSpan(Math.Min(at, frame.Frame.Length)).StartsWith(octets))];
    }

    public void Dispose() => _socket.Dispose();
}
