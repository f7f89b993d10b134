using System.Net;
using System.Net.Sockets;

namespace Fleet.Testing;

/// <summary>
/// Ports of 127.0.0.1 for programs that a test starts. The kernel's own choice would not do: before the program starts, the kernel gives the same
/// port to anything that connects somewhere. These lie below the ports that the kernel chooses from, and each process of tests begins elsewhere.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;
    private const int OfAProcess = 64;

    private static int _taken;

    /// <summary>A port that nobody listens on, over TCP or UDP; no two calls return the same.</summary>
    public static int Next()
    {
        while (true)
        {
            var offset = ((long)Environment.ProcessId * OfAProcess) + Interlocked.Increment(ref _taken);
            var port = First + (int)(offset % Count);
            if (IsFree(port, SocketType.Stream, ProtocolType.Tcp) && IsFree(port, SocketType.Dgram, ProtocolType.Udp))
                return port;
        }
    }

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
