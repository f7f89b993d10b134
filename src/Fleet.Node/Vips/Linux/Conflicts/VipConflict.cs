using System.Net.NetworkInformation;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Conflicts;

/// <summary>A VIP of this node that somebody else answers for.</summary>
/// <param name="Since">When the conflict was seen first.</param>
/// <param name="Seen">When it was seen last.</param>
internal sealed record VipConflict(VipAddress Vip, PhysicalAddress Mac, Instant Since, Instant Seen)
{
    public override string ToString() => $"{Vip} is also answered by {VipClaim.Text(Mac)}, which is not this node";
}
