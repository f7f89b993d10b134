using System.Net;
using System.Net.Sockets;

namespace Fleet.Demo.Servers;

/// <summary>
/// Ports of 127.0.0.1 for servers that are started here. They lie below those that the kernel gives to whoever connects: one of its own choice could
/// be somebody's before the server has it. Tests' other programs have 20,000 to 31,999.
/// </summary>
internal static class LoopbackPort
{
    private const int First = 12_000;
    private const int Count = 8_000;
    private const int OfAProcess = 64;

    private static int _taken;

    /// <summary>A port that nobody listens on; no two calls of one process return the same.</summary>
    public static int Next()
    {
        while (true)
        {
            var offset = ((long)Environment.ProcessId * OfAProcess) + Interlocked.Increment(ref _taken);
            var port = First + (int)(offset % Count);
            if (IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
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
