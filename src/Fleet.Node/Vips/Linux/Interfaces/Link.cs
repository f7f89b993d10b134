using System.Net.NetworkInformation;

namespace Fleet.Node.Vips.Linux.Interfaces;

/// <summary>A network interface of this host.</summary>
/// <param name="Mtu">Octets; null where the kernel does not say.</param>
/// <param name="IsEthernet">Neighbours find each other by ARP and ND there, and a VIP can be announced.</param>
internal sealed record Link(int Index, string Name, PhysicalAddress Mac, bool IsEthernet, bool IsUp, int? Mtu = null)
{
    /// <summary>Octets of an Ethernet address.</summary>
    public const int MacSize = 6;
}
