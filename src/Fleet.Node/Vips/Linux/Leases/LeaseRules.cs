using System.Security.Cryptography;
using System.Text;

namespace Fleet.Node.Vips.Linux.Leases;

/// <summary>
/// The rules that enforce the lease, as text for <c>nft -f -</c>. <c>managed</c> names the VIPs that this node has, or is about to have, as
/// addresses;
/// <c>held</c> names those whose lease runs, and each element ends with it. A frame to or from a VIP that is managed and not held is dropped on its
/// way in and on its way out: IP, the ARP and ND that ask for the VIP, and the ARP and ND that announce it. Nothing else is touched. <c>claims</c>
/// notes who else says that a managed VIP is theirs. <c>deadlines</c> is told by <see cref="LeaseRenewal"/>.
/// </summary>
internal static class LeaseRules
{
    /// <summary>How long a claim is remembered, unless it is read before.</summary>
    private const string ClaimAge = "10s";

    /// <summary>Claims at a time, per family: a flood of them costs no more memory than that.</summary>
    private const int ClaimsMax = 1024;

    /// <summary>
    /// The target of a neighbour solicitation or advertisement (RFC 4861 4.3), and the addresses of an IPv6 header (RFC 8200 3), by their place:
    /// nft 1.0.6 has no name for the first, and a set holds one kind of thing.
    /// </summary>
    private const string NdTarget = "@th,64,128";
    private const string Ipv6Source = "@nh,64,128";
    private const string Ipv6Destination = "@nh,192,128";

    /// <summary>Makes the table anew, with nobody in it, in one transaction.</summary>
    public static string Text(string table, string link, int linkIndex)
    {
        var body = Body(link);
        return $$"""
            add table netdev {{table}}
            delete table netdev {{table}}
            table netdev {{table}} {
              comment "{{Comment(link, linkIndex)}}"
            {{body}}
            }

            """;
    }

    /// <summary>Removes the table, if it is there.</summary>
    public static string Removal(string table) => $"add table netdev {table}\ndelete table netdev {table}\n";

    /// <summary>
    /// Which rules a table has, and on which interface: who finds another comment makes the table anew. An interface that was removed and has come
    /// back has another index, and no rules.
    /// </summary>
    public static string Comment(string link, int linkIndex) =>
        $"fleet {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body(link))))[..16]} {linkIndex}";

    private static string Body(string link) => $$"""
          set held4 { type ipv4_addr; flags timeout; }
          set held6 { typeof {{Ipv6Destination}}; flags timeout; }
          set managed4 { type ipv4_addr; }
          set managed6 { typeof {{Ipv6Destination}}; }
          set deadlines { type mark; flags timeout; }
          set claims4 { type ipv4_addr . ether_addr; flags dynamic,timeout; timeout {{ClaimAge}}; size {{ClaimsMax}}; }
          set claims6 { typeof {{Ipv6Destination}} . ether saddr; flags dynamic,timeout; timeout {{ClaimAge}}; size {{ClaimsMax}}; }
          chain ingress {
            type filter hook ingress device "{{link}}" priority -200; policy accept;
            arp saddr ip @managed4 update @claims4 { arp saddr ip . ether saddr }
            icmpv6 type nd-neighbor-advert {{NdTarget}} @managed6 update @claims6 { {{NdTarget}} . ether saddr }
            ip daddr @managed4 ip daddr != @held4 drop
            arp daddr ip @managed4 arp daddr ip != @held4 drop
            meta protocol ip6 {{Ipv6Destination}} @managed6 {{Ipv6Destination}} != @held6 drop
            icmpv6 type nd-neighbor-solicit {{NdTarget}} @managed6 {{NdTarget}} != @held6 drop
          }
          chain egress {
            type filter hook egress device "{{link}}" priority 200; policy accept;
            ip saddr @managed4 ip saddr != @held4 drop
            arp saddr ip @managed4 arp saddr ip != @held4 drop
            meta protocol ip6 {{Ipv6Source}} @managed6 {{Ipv6Source}} != @held6 drop
            icmpv6 type nd-neighbor-advert {{NdTarget}} @managed6 {{NdTarget}} != @held6 drop
          }
        """;
}
