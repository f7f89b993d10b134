using System.Collections.Immutable;
using System.Net.NetworkInformation;
using Fleet.Node.Vips.Linux.Conflicts;
using Fleet.Node.Vips.Linux.Connections;
using Fleet.Node.Vips.Linux.Interfaces;
using Fleet.Node.Vips.Linux.Leases;
using Fleet.Node.Vips.Linux.Netlink;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux;

/// <summary>
/// What the kernel of this host has of VIPs: their addresses, which carry a mark, and the table with the lease. It touches nothing that is not
/// Fleet's. Its sockets belong to the network namespace of the thread that makes it.
/// </summary>
internal sealed class LinuxHost : IDisposable
{
    private readonly LinuxVipsOptions _options;
    private readonly HostNetwork _network = new();
    private readonly ConnectionKiller _connections = new();
    private ImmutableDictionary<VipAddress, ImmutableArray<InterfaceAddress>> _own =
        ImmutableDictionary<VipAddress, ImmutableArray<InterfaceAddress>>.Empty;

    /// <exception cref="IOException">This process may not, or the interface is not there or not of a kind that VIPs can be announced on.</exception>
    public LinuxHost(LinuxVipsOptions options)
    {
        _options = options;
        Table = new LeaseTable(options.Table);
        try
        {
            _network.HasChanged();
            Look();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public LeaseTable Table { get; }

    public Link Link { get; private set; } = null!;

    /// <summary>The Ethernet addresses of all interfaces of this host.</summary>
    public ImmutableHashSet<PhysicalAddress> Macs { get; private set; } = [];

    /// <summary>Addresses of this host that Fleet has not added.</summary>
    public ImmutableHashSet<VipAddress> Others { get; private set; } = [];

    /// <summary>VIPs that the rules know, and that may have addresses.</summary>
    public ImmutableSortedSet<VipAddress> Managed { get; private set; } = [];

    /// <summary>Whether the table is there, with the right rules on the right interface.</summary>
    public bool HasRules => Table.Comment() == LeaseRules.Comment(Link.Name, Link.Index);

    /// <summary>Links or addresses have changed since this was last asked: what is known of them may be wrong.</summary>
    public bool HasChanged() => _network.HasChanged();

    /// <summary>The VIP is an address of the interface, added by Fleet.</summary>
    public bool HasAddress(VipAddress vip) => _own.TryGetValue(vip, out var where) && where.Any(address => address.Link == Link.Index);

    /// <summary>Reads links and addresses as they are.</summary>
    public void Look()
    {
        var links = _network.Links();
        Link = links.FirstOrDefault(link => link.Name == _options.Interface)
            ?? throw new NetlinkException(
                $"{_options.Interface} is none of the interfaces {string.Join(", ", links.Select(link => link.Name))}", Errno.NoDevice);
        if (!Link.IsEthernet || !Link.Name.All(c => char.IsAsciiLetterOrDigit(c) || "_-.@".Contains(c)))
            throw new IOException($"VIPs cannot be announced on the interface {Link.Name}: it is not Ethernet, or its name is not plain");
        Macs = [.. links.Select(link => link.Mac)];
        var addresses = _network.Addresses();
        Others = [.. addresses.Where(address => !address.HasMark).Select(address => address.Address)];
        _own = addresses.Where(address => address.HasMark)
            .GroupBy(address => address.Address)
            .ToImmutableDictionary(same => same.Key, same => same.ToImmutableArray());
        Managed = Managed.Union(_own.Keys);
    }

    /// <summary>Makes the table anew. From now on nothing is held, and what has an address is managed.</summary>
    public void LoadRules()
    {
        _options.LoadRules(LeaseRules.Text(_options.Table, Link.Name, Link.Index));
        Managed = [.. _own.Keys];
        Table.Add(LeaseSets.Managed, Managed);
    }

    /// <summary>From now on frames of these VIPs are dropped while their lease does not run.</summary>
    public void Manage(ImmutableSortedSet<VipAddress> vips)
    {
        Managed = Managed.Union(vips); // first: if the next line fails halfway they are cleaned up
        Table.Add(LeaseSets.Managed, vips);
    }

    /// <summary>Gives the interface the addresses, as far as time goes; returns why some are not there.</summary>
    public ImmutableSortedDictionary<VipAddress, string> AddAddresses(IEnumerable<VipAddress> vips)
    {
        var wanted = vips.Where(vip => !HasAddress(vip)).ToArray();
        if (wanted.Length == 0)
            return ImmutableSortedDictionary<VipAddress, string>.Empty;
        var (tried, refused) = _network.Add(wanted, Link.Index, _options.AddingMax);
        foreach (var vip in wanted.Take(tried).Where(vip => !refused.ContainsKey(vip)))
        {
            var added = new InterfaceAddress(vip, Link.Index, vip.IsV6 ? 128 : 32, HasMark: true);
            _own = _own.SetItem(vip, [.. _own.GetValueOrDefault(vip, []), added]);
        }

        var late = wanted.Skip(tried).Select(vip => KeyValuePair.Create(vip, $"its turn has not come: {Link.Name} takes long to add addresses"));
        return refused.Select(r => KeyValuePair.Create(r.Key, $"it cannot be added to {Link.Name}: {Errno.Text(r.Value)}"))
            .Concat(late)
            .ToImmutableSortedDictionary();
    }

    /// <summary>
    /// Lets go of VIPs. The order is: connections, while their resets may still leave; the lease; the addresses, without which Linux sends no reset
    /// for IPv4; and last the rules that dropped what had no lease. Returns why connections were left to themselves, if they were.
    /// </summary>
    public string? LetGo(IReadOnlyCollection<VipAddress> vips)
    {
        if (vips.Count == 0)
            return null;
        string? why = null;
        try
        {
            _connections.Kill(vips);
        }
        catch (NetlinkException e)
        {
            why = e.Message; // Resets of the next owner end them.
        }

        Table.Remove(LeaseSets.Held, vips);
        _network.Delete(vips.SelectMany(vip => _own.GetValueOrDefault(vip, [])));
        _own = _own.RemoveRange(vips);
        Table.Remove(LeaseSets.Managed, vips);
        Managed = Managed.Except(vips);
        return why;
    }

    /// <summary>What others have claimed since this was last asked.</summary>
    public ImmutableArray<VipClaim> TakeClaims()
    {
        var claims = ImmutableArray.CreateBuilder<VipClaim>();
        foreach (var set in new[] { LeaseSets.Claims(isV6: false), LeaseSets.Claims(isV6: true) })
        {
            var elements = Table.Elements(set);
            if (elements.IsEmpty)
                continue;
            Table.Flush(set);
            foreach (var element in elements)
                if (VipClaim.TryRead(element.Key, out var claim))
                    claims.Add(claim);
        }

        return claims.ToImmutable();
    }

    public void RemoveRules() => _options.LoadRules(LeaseRules.Removal(_options.Table));

    public void Dispose()
    {
        Table.Dispose();
        _network.Dispose();
        _connections.Dispose();
    }
}
