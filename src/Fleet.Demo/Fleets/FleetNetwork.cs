using System.Net;
using System.Net.Sockets;

namespace Fleet.Demo.Fleets;

/// <summary>
/// A /24 below 127.0.0.0/8 that one fleet has for itself, so that several fleets can run on one host with the same ports: VIPs from .1 on, the
/// coordinator at .200 (more of them from .242 on), nodes from .201 on, backends at .250. It is held by a socket bound in it until this is disposed.
/// </summary>
internal sealed class FleetNetwork : IDisposable
{
    public const int ServicePort = 8080;
    public const int VipsMax = 199;
    public const int NodesMax = 40;
    public const int CoordinatorsMax = 5;
    private const int SecondSite = 100;
    private const int CoordinatorPort = 7400;
    private const int GuardPort = 40_007;

    private readonly string _prefix;
    private readonly Socket _guard;

    private FleetNetwork(string prefix, Socket guard)
    {
        _prefix = prefix;
        _guard = guard;
    }

    public IPEndPoint Coordinator => CoordinatorAt(1);

    /// <param name="number">From 1 on.</param>
    public IPEndPoint CoordinatorAt(int number) => new(Address(number == 1 ? 200 : 240 + number), CoordinatorPort);

    /// <summary>Takes 127.77.0.0/24 if it can be had, or another.</summary>
    public static FleetNetwork Take()
    {
        var chance = new Random(Environment.ProcessId);
        for (var candidate = "127.77.0"; ; candidate = $"127.{chance.Next(78, 250)}.{chance.Next(0, 250)}")
        {
            var held = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
            try
            {
                held.Bind(new IPEndPoint(IPAddress.Parse($"{candidate}.254"), GuardPort));
                using var leftOver = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                leftOver.Bind(new IPEndPoint(IPAddress.Parse($"{candidate}.200"), CoordinatorPort));
                return new FleetNetwork(candidate, held);
            }
            catch (SocketException)
            {
                held.Dispose();
            }
        }
    }

    /// <summary>As HOCON: the first <paramref name="count"/> addresses.</summary>
    public string Vips(int count) => $"{_prefix}.1-{_prefix}.{count}";

    /// <summary>As HOCON: so many addresses for each of two sites, the second's from .101 on.</summary>
    public string SiteVips(int each) =>
        $"{{dc1=[\"{_prefix}.1-{_prefix}.{each}\"],dc2=[\"{_prefix}.{SecondSite + 1}-{_prefix}.{SecondSite + each}\"]}}";

    /// <summary>The number of the site that a VIP belongs to, 1 or 2.</summary>
    public static int SiteOf(IPAddress vip) => vip.GetAddressBytes()[3] > SecondSite ? 2 : 1;

    public IPEndPoint Dns(int node) => new(Address(200 + node), 5353);

    public IPEndPoint NodeApi(int node) => new(Address(200 + node), 7401);

    public IPEndPoint Watch(int node) => new(Address(200 + node), 7402);

    public IPEndPoint Backend(int number) => new(Address(250), 9100 + number);

    public void Dispose() => _guard.Dispose();

    private IPAddress Address(int host) => IPAddress.Parse($"{_prefix}.{host}");
}
