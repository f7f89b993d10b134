using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Node.Vips.Linux.Netlink;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Interfaces;

/// <summary>The interfaces and addresses of this host, read and changed by rtnetlink(7), without a process and many at once.</summary>
internal sealed class HostNetwork : IDisposable
{
    private const int LinkGroup = 1; // RTNLGRP_LINK
    private const int Ipv4AddressGroup = 5; // RTNLGRP_IPV4_IFADDR
    private const int Ipv6AddressGroup = 9; // RTNLGRP_IPV6_IFADDR

    /// <summary>Addresses of one datagram. Where each takes long, time is looked at after so many.</summary>
    private const int AtOnce = 64;

    private readonly NetlinkSocket _requests = new(NetlinkSocket.Route);
    private readonly NetlinkSocket _news = new(NetlinkSocket.Route);
    private readonly NetlinkWriter _writer = new();

    public HostNetwork()
    {
        _news.Join(LinkGroup);
        _news.Join(Ipv4AddressGroup);
        _news.Join(Ipv6AddressGroup);
    }

    /// <summary>Whether links or addresses have changed, whoever changed them, since this was last asked.</summary>
    public bool HasChanged() => _news.HasNews();

    public ImmutableArray<Link> Links()
    {
        var links = ImmutableArray.CreateBuilder<Link>();
        _writer.Clear();
        LinkMessages.WriteDump(_writer);
        _requests.Dump(_writer, "the interfaces of this host", (in NetlinkMessage message) =>
        {
            if (LinkMessages.TryRead(message, out var link))
                links.Add(link);
        });
        return links.ToImmutable();
    }

    public ImmutableArray<InterfaceAddress> Addresses()
    {
        var addresses = ImmutableArray.CreateBuilder<InterfaceAddress>();
        _writer.Clear();
        AddressMessages.WriteDump(_writer);
        _requests.Dump(_writer, "the addresses of this host", (in NetlinkMessage message) =>
        {
            if (AddressMessages.TryRead(message, out var address))
                addresses.Add(address);
        });
        return addresses.ToImmutable();
    }

    /// <summary>Adds what can be added in that time, and returns the error numbers of those that were refused and how many were tried.</summary>
    public (int Tried, Dictionary<VipAddress, int> Refused) Add(IReadOnlyList<VipAddress> vips, int link, TimeSpan timeMax)
    {
        var refused = new Dictionary<VipAddress, int>();
        var since = Stopwatch.GetTimestamp();
        var tried = 0;
        while (tried < vips.Count && (tried == 0 || Stopwatch.GetElapsedTime(since) < timeMax))
        {
            var some = vips.Skip(tried).Take(AtOnce).ToArray();
            foreach (var (vip, error) in Exchange(some, vip => AddressMessages.WriteAdd(_writer, vip, link)))
                refused[vip] = error;
            tried += some.Length;
        }

        return (tried, refused);
    }

    /// <summary>Deletes them. One that is not there any more is deleted.</summary>
    /// <exception cref="NetlinkException">One is still there.</exception>
    public void Delete(IEnumerable<InterfaceAddress> addresses)
    {
        foreach (var some in addresses.Chunk(AtOnce))
        {
            foreach (var (address, error) in Exchange(some, a => AddressMessages.WriteDelete(_writer, a.Address, a.Link)))
                if (error is not (Errno.AddressNotAvailable or Errno.NoDevice))
                    throw new NetlinkException($"deleting the address {address.Address}", error);
        }
    }

    public void Dispose()
    {
        _requests.Dispose();
        _news.Dispose();
    }

    /// <summary>One request for each, in one datagram; returns those that were refused.</summary>
    private IEnumerable<(T Item, int Error)> Exchange<T>(T[] items, Action<T> write)
    {
        _writer.Clear();
        var asked = new Dictionary<uint, T>();
        foreach (var item in items)
        {
            write(item);
            asked[_writer.Sequence] = item;
        }

        return _requests.Exchange(_writer).Select(error => (asked[error.Key], error.Value));
    }
}
