using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Relay;

/// <summary>
/// A /16 below 127.0.0.0/8 that this process has for itself, so that several checkouts can be tested on one host at once. It is held by a socket
/// bound in it until the process ends. Fleets of whole processes take theirs from 127.77 on.
/// </summary>
internal sealed class RelayNetwork
{
    private const int First = 16;
    private const int Last = 70;
    private const int GuardPort = 20_007;
    private const int VipsMax = 254 * 250;

    private readonly Socket _guard;
    private readonly int _second;

    private RelayNetwork(int second, Socket guard)
    {
        _second = second;
        _guard = guard;
    }

    public static RelayNetwork Take()
    {
        var chance = new Random(Environment.ProcessId);
        while (true)
        {
            var second = chance.Next(First, Last + 1);
            var guard = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
            try
            {
                guard.Bind(new IPEndPoint(IPAddress.Parse($"127.{second}.255.254"), GuardPort));
                return new RelayNetwork(second, guard);
            }
            catch (SocketException)
            {
                guard.Dispose();
            }
        }
    }

    public VipAddress Vip(int number)
    {
        ObjectDisposedException.ThrowIf(!_guard.IsBound, _guard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, VipsMax);
        return VipAddress.Parse($"127.{_second}.{1 + (number / 250)}.{1 + (number % 250)}");
    }
}
