using System.Net.NetworkInformation;
using Fleet.Node.Vips.Linux;
using Fleet.Node.Vips.Linux.Announcing;
using Fleet.Node.Vips.Linux.Conflicts;
using Fleet.Node.Vips.Linux.Interfaces;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Vips.Networks;

/// <summary>A switch, with two nodes and a client on it: each a network namespace with an interface eth0.</summary>
public sealed class Lan : IDisposable
{
    public const string Interface = "eth0";

    internal static readonly ILogger<LinuxVips> NoLog = NullLogger<LinuxVips>.Instance;

    private readonly NetworkNamespace _switch = new();

    public Lan()
    {
        _switch.Ip("link set lo up", "link add br0 type bridge mcast_snooping 0", "link set br0 up");
        foreach (var (host, index) in new[] { NodeA, NodeB, Client }.Select((host, index) => (host, index)))
        {
            Connect(host, $"port{index}", $"10.77.0.{index + 1}");
            host.Ip("link set lo up", $"addr add fd77::{index + 1}/64 dev {Interface} nodad");
        }
    }

    public NetworkNamespace NodeA { get; } = new();

    public NetworkNamespace NodeB { get; } = new();

    public NetworkNamespace Client { get; } = new();

    /// <summary>VIPs of either family, none of them like another.</summary>
    public static VipAddress Vip(bool isV6, int number) =>
        VipAddress.Parse(isV6 ? $"fd77::{number + 1:x}:0:100" : $"10.77.{1 + (number / 250)}.{1 + (number % 250)}");

    public static IEnumerable<VipAddress> Vips(bool isV6, int count) => Enumerable.Range(0, count).Select(number => Vip(isV6, number));

    /// <summary>The Ethernet address of its interface.</summary>
    public static string Mac(NetworkNamespace host) => host.Run(() => VipClaim.Text(
        NetworkInterface.GetAllNetworkInterfaces().Single(link => link.Name == Interface).GetPhysicalAddress()));

    /// <summary>
    /// All addresses of all its interfaces, as <c>ip</c> lists them, whether or not the kernel still asks whether others have them
    /// (RFC 4862 section 5.4).
    /// </summary>
    public static string Addresses(NetworkNamespace host) =>
        host.Run("ip", "", "-o", "addr", "show").Replace(" tentative", "", StringComparison.Ordinal);

    /// <summary>Gives it the interface, on that port of the switch.</summary>
    public void Connect(NetworkNamespace host, string port, string address)
    {
        _switch.Ip($"link add {port} type veth peer name {Interface} netns {host.Path}", $"link set {port} master br0 up");
        host.Ip($"link set {Interface} up", $"addr add {address}/16 dev {Interface}");
    }

    /// <summary>Says on its interface that the VIP is there.</summary>
    public static void Announce(NetworkNamespace host, VipAddress vip)
    {
        using var announcer = host.Run(() =>
        {
            using var network = new HostNetwork();
            return new Announcer(network.Links().Single(link => link.Name == Interface));
        });
        announcer.Announce([vip]);
    }

    /// <summary>What holds VIPs on that node.</summary>
    internal static LinuxVips Open(NetworkNamespace node, ILogger<LinuxVips>? logger = null, MonotonicClock? clock = null)
    {
        // On a machine that is busy with other tests answers may take long.
        var options = new LinuxVipsOptions
        {
            Interface = Interface,
            AnswerMax = TimeSpan.FromMilliseconds(100),
            LoadRules = rules => node.Run("nft", rules, "-f", "-"),
        };
        return node.Run(() => LinuxVips.Open(options, clock ?? MonotonicClock.System, logger ?? NoLog));
    }

    public void Dispose()
    {
        foreach (var host in new[] { Client, NodeA, NodeB, _switch })
            host.Dispose();
    }
}
