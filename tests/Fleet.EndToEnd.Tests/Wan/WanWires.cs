using System.Net;
using Fleet.Demo.Fleets;
using Fleet.Testing.Wan;

namespace Fleet.EndToEnd.Tests.Wan;

/// <summary>
/// A wire between each node and the coordinator, and one between every two nodes for witness datagrams. At first they are short and whole.
/// </summary>
public sealed class WanWires : IFleetWires, IDisposable
{
    private const int LinkPort = 17_400;
    private const int WitnessPort = 17_402;

    private readonly Dictionary<string, TcpProxy> _links = [];
    private readonly Dictionary<string, UdpProxy> _watches = [];
    private TimeSpan _delay;

    /// <summary>How long all of it is under way, each way.</summary>
    public TimeSpan Delay
    {
        get => _delay;
        set
        {
            _delay = value;
            foreach (var link in _links.Values)
                Lengthen(link);
            foreach (var watch in _watches.Values)
                watch.FromAnyone.Delay = _delay;
        }
    }

    /// <summary>The link of a node that was started once: to the target is to the coordinator.</summary>
    public TcpProxy LinkOf(string node) => _links[node];

    /// <summary>What stands before the watch address of a node that was started once.</summary>
    public UdpProxy WatchOf(string node) => _watches[node];

    public IPEndPoint Link(string node, IPAddress nodeAddress, IPEndPoint coordinator)
    {
        if (!_links.TryGetValue(node, out var link))
            Lengthen(_links[node] = link = new TcpProxy(new IPEndPoint(nodeAddress, LinkPort), coordinator));
        return link.Address;
    }

    public IPEndPoint Watch(string node, IPEndPoint listens)
    {
        if (!_watches.TryGetValue(node, out var watch))
        {
            _watches[node] = watch = new UdpProxy(new IPEndPoint(listens.Address, WitnessPort), listens);
            watch.FromAnyone.Delay = _delay;
        }

        return watch.Address;
    }

    public void Dispose()
    {
        foreach (var link in _links.Values)
            link.Dispose();
        foreach (var watch in _watches.Values)
            watch.Dispose();
    }

    private void Lengthen(TcpProxy link) => link.ToTarget.Delay = link.FromTarget.Delay = _delay;
}
