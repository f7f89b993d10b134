using System.Net;
using System.Net.Sockets;

namespace Fleet.Node.Checks;

/// <summary>The connection of one probe.</summary>
internal static class ProbeConnection
{
    /// <summary>
    /// The PROXY protocol v2 header of a connection that the sender makes for itself: version 2, command LOCAL, family and length 0 (PROXY protocol
    /// specification, section 2.2). Backends of pools with the PROXY protocol on refuse connections without a header.
    /// </summary>
    private static readonly byte[] LocalHeader = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x20, 0x00, 0x00, 0x00];

    /// <summary>
    /// Connects, sends the PROXY header if asked to, and does the rest of the probe. Whatever goes wrong on the way is a bad result.
    /// </summary>
    public static async Task<ProbeResult> ProbeAsync(
        IPEndPoint backend, bool proxyProtocol, Func<NetworkStream, Task<ProbeResult>> rest, CancellationToken cancellation)
    {
        try
        {
            using var socket = new Socket(backend.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(backend, cancellation);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            if (proxyProtocol)
                await stream.WriteAsync(LocalHeader, cancellation);
            return await rest(stream);
        }
        catch (SocketException e)
        {
            return ProbeResult.Bad(Words(e));
        }
        catch (IOException e)
        {
            return ProbeResult.Bad(e.InnerException is SocketException inner ? Words(inner) : e.Message);
        }
    }

    private static string Words(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset",
        SocketError.TimedOut => "connection timed out",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network unreachable",
        var other => $"socket error {other}",
    };
}
