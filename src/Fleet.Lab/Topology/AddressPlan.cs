using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;

namespace Fleet.Lab.Topology;

/// <summary>One address on one link, with the length of its network's prefix.</summary>
internal readonly record struct LinkAddress(IPAddress Address, int Length)
{
    public override string ToString() => $"{Address}/{Length}";
}

/// <summary>
/// Which address everything has. All labs have the same ones: namespaces keep them apart. Site S (from 1 on) has the service network 10.S.0.0/16 and
/// fd00:0:0:S::/64, and the control network of its nodes 10.(100+S).0.0/16 and fd00:0:0:(100+S)::/64, in which the number is written as in the
/// IPv4 address. The coordinators have 10.100.0.0/16 and fd00:0:0:100::/64. The router is .0.1, or ::1, in each.
/// </summary>
internal sealed class AddressPlan(LabTopology topology)
{
    public const int Length4 = 16;
    public const int Length6 = 64;
    public const int ServicePort = 80;
    public const int DnsPort = 53;
    public const int CoordinatorPort = 7400;
    public const int NodeApiPort = 7401;
    public const int WitnessPort = 7402;

    /// <summary>VIPs are 10.S.128.0 and what follows, on the service network, where nodes announce them.</summary>
    private const int VipsFrom = 128 << 8;
    private const int ControlOffset = 100;

    /// <summary>The number of the coordinators' network, and of a site's two.</summary>
    public static int CoordinatorsNetwork => ControlOffset;

    /// <summary>From 1 on.</summary>
    public int ServiceNetwork(string site) => 1 + topology.Sites.Select(each => each.Name).ToList().IndexOf(site);

    public int ControlNetwork(string site) => ControlOffset + ServiceNetwork(site);

    /// <summary>The router's addresses in a network.</summary>
    public static ImmutableArray<LinkAddress> Gateway(int network) => [Address4(network, 1), Address6(network, 0, 1)];

    /// <summary>The two prefixes of a network.</summary>
    public static ImmutableArray<LinkAddress> Prefixes(int network) => [Address4(network, 0), Address6(network, 0, 0)];

    /// <summary>The addresses of a host's service link, or of a coordinator's only one.</summary>
    public ImmutableArray<LinkAddress> Service(LabHost host) =>
        On(host.Site is null ? CoordinatorsNetwork : ServiceNetwork(host.Site), host);

    /// <summary>The addresses of a node's control link; none for other hosts.</summary>
    public ImmutableArray<LinkAddress> Control(LabHost host) => host.Kind == HostKind.Node ? On(ControlNetwork(host.Site!), host) : [];

    public IEnumerable<LinkAddress> All(LabHost host) => Service(host).Concat(Control(host));

    /// <summary>The VIPs of a site: those of IPv4 first. A site without nodes has none.</summary>
    public ImmutableArray<IPAddress> Vips(string site)
    {
        if (!topology.Of(HostKind.Node).Any(node => node.Site == site))
            return [];
        var network = ServiceNetwork(site);
        return
        [
            .. Enumerable.Range(1, topology.VipsPerSite).Select(number => Address4(network, VipsFrom + number).Address),
            .. Enumerable.Range(1, topology.Vips6PerSite).Select(number => Vip6(network, number)),
        ];
    }

    /// <summary>
    /// All share their low 24 bits, and so one solicited-node group (RFC 4291 2.7.1): a thousand on one link are slow to add otherwise.
    /// </summary>
    private static IPAddress Vip6(int network, int number)
    {
        Span<byte> octets = stackalloc byte[16];
        Address6(network, 0, 1).Address.TryWriteBytes(octets, out _);
        octets[9] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(octets[10..], (ushort)number);
        return new IPAddress(octets);
    }

    private ImmutableArray<LinkAddress> On(int network, LabHost host)
    {
        var kind = 1 + (int)host.Kind;
        var number = 1 + topology.Of(host.Kind).ToList().IndexOf(host);
        return [Address4(network, (kind << 8) + number), Address6(network, kind, number)];
    }

    private static LinkAddress Address4(int network, int host) => new(new IPAddress([10, (byte)network, (byte)(host >> 8), (byte)host]), Length4);

    private static LinkAddress Address6(int network, int kind, int host)
    {
        Span<byte> octets = stackalloc byte[16];
        octets.Clear();
        octets[0] = 0xfd;
        BinaryPrimitives.WriteUInt16BigEndian(octets[6..], Decimal(network));
        BinaryPrimitives.WriteUInt16BigEndian(octets[12..], (ushort)kind);
        BinaryPrimitives.WriteUInt16BigEndian(octets[14..], Decimal(host));
        return new LinkAddress(new IPAddress(octets), Length6);
    }

    /// <summary>A group of an IPv6 address that reads like the number: 101 becomes 0x101.</summary>
    private static ushort Decimal(int number) => (ushort)((number / 1000 << 12) + (number / 100 % 10 << 8) + (number / 10 % 10 << 4) + (number % 10));
}
