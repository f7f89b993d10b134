using System.Net;
using System.Net.Sockets;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>
/// Ports that no other test listens on, of this run or another: HAProxy shares what it listens on with others of its user (SO_REUSEPORT), so a port
/// that two tests chose would not be refused. Each is held by a UDP socket until the process ends; below those that the kernel gives away.
/// </summary>
internal static class HaproxyPorts
{
    private static readonly List<Socket> Guards = [];

    public static int Take()
    {
        lock (Guards)
        {
            while (true)
            {
                var port = FreePort.Next();
                var guard = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
                try
                {
                    guard.Bind(new IPEndPoint(IPAddress.Parse("127.255.255.253"), port));
                    Guards.Add(guard);
                    return port;
                }
                catch (SocketException)
                {
                    guard.Dispose();
                }
            }
        }
    }
}
