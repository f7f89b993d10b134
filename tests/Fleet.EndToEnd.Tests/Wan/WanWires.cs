using System.Net;
using Fleet.Demo.Processes;
using Fleet.Testing.Wan;

namespace Fleet.EndToEnd.Tests.Wan;

/// <summary>A wire between each node and the coordinator, and one between every two nodes for witness datagrams. At first they are short and whole.</summary>
public sealed class WanWires : IFleetWires, IDisposable
{
    private const int LinkPort = 17_400;
    private const int WitnessPort = 17_402;

    private readonly Dictionary<string, TcpProxy> links = [];
    private readonly Dictionary<string, UdpProxy> watches = [];
    private TimeSpan delay;

    /// <summary>How long all of it is under way, each way.</summary>
    public TimeSpan Delay
    {
        get => delay;
        set
        {
            delay = value;
            foreach (var link in links.Values)
                Lengthen(link);
            foreach (var watch in watches.Values)
                watch.FromAnyone.Delay = delay;
        }
    }

    /// <summary>The link of a node that was started once: to the target is to the coordinator.</summary>
    public TcpProxy LinkOf(string node) => links[node];

    /// <summary>What stands before the watch address of a node that was started once.</summary>
    public UdpProxy WatchOf(string node) => watches[node];

    public IPEndPoint Link(string node, IPAddress nodeAddress, IPEndPoint coordinator)
    {
        if (!links.TryGetValue(node, out var link))
            Lengthen(links[node] = link = new TcpProxy(new IPEndPoint(nodeAddress, LinkPort), coordinator));
        return link.Address;
    }

    public IPEndPoint Watch(string node, IPEndPoint listens)
    {
        if (!watches.TryGetValue(node, out var watch))
        {
            watches[node] = watch = new UdpProxy(new IPEndPoint(listens.Address, WitnessPort), listens);
            watch.FromAnyone.Delay = delay;
        }

        return watch.Address;
    }

    public void Dispose()
    {
        foreach (var link in links.Values)
            link.Dispose();
        foreach (var watch in watches.Values)
            watch.Dispose();
    }

    private void Lengthen(TcpProxy link) => link.ToTarget.Delay = link.FromTarget.Delay = delay;
}
