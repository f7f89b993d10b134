using System.Collections.Immutable;
using Fleet.Node.Vips.Linux.Leases;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Vips.Linux;

/// <summary>
/// How an agent begins on a host where another one has ended, by whatever: VIPs whose lease still runs are kept, all other addresses and sets of
/// Fleet's are removed. If rules or interface are not those of today nothing is kept.
/// </summary>
internal static class Adoption
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>The VIPs that are kept, and until when at least they are held.</summary>
    /// <exception cref="IOException">The kernel cannot enforce leases.</exception>
    public static (ImmutableSortedSet<VipAddress> Found, Instant Until) Adopt(LinuxHost host, MonotonicClock clock)
    {
        var hasRules = host.HasRules;
        if (!hasRules)
            host.LoadRules();
        var known = hasRules ? host.Table.Vips(LeaseSets.Managed).Keys : [];
        var now = clock.Now; // before the question: what is left was left later
        var held = host.Table.Vips(LeaseSets.Held).Where(vip => host.HasAddress(vip.Key)).ToImmutableSortedDictionary();
        host.Manage([.. host.Managed.Union(known)]);
        host.LetGo(host.Managed.Except(held.Keys));
        CheckRenewal(host.Table);
        return ([.. held.Keys], held.IsEmpty ? Instant.Never : now + held.Values.Min());
    }

    /// <summary>Before Linux 6.12 an element that was added again ended when it would have ended anyway.</summary>
    private static void CheckRenewal(LeaseTable table)
    {
        const uint number = 1; // no process has this one
        table.AddDeadline(number, Short);
        table.AddDeadline(number, Long);
        if (table.Elements(LeaseSets.Deadlines).All(element => BitConverter.ToUInt32(element.Key) != number || element.Left <= Short))
            throw new IOException("this kernel does not renew elements of nftables sets, so no lease can be enforced: Linux 6.12 or newer is needed");
    }
}
