using Fleet.Shared.Model;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// What is served by any relay at this very moment. It is found out anew only when a relay did something that may change it, or one of their leases
/// may have ended since: checkers ask often.
/// </summary>
public sealed class ServedVips(World world)
{
    /// <summary>Microseconds by which a lease, which is told in local time, may end later than it seems to in true time.</summary>
    private const long Rounding = 2;

    private HashSet<VipAddress> _served = [];
    private long _until = long.MinValue;

    /// <summary>The same object for as long as nothing has changed.</summary>
    public IReadOnlySet<VipAddress> Now
    {
        get
        {
            if (world.Now > _until)
                LookAgain();
            return _served;
        }
    }

    /// <summary>A relay began or ceased to serve something, or to run, or was told a lease that ends before the one it had.</summary>
    public void Changed() => _until = long.MinValue;

    private void LookAgain()
    {
        var served = new HashSet<VipAddress>(_served.Count);
        var until = long.MaxValue;
        foreach (var node in world.Nodes.Values)
        {
            foreach (var vip in node.Relay.Serving)
                served.Add(vip);
            if (node.Relay.FirstEnd(after: world.Now - Rounding) is var end && end < until)
                until = end;
        }

        if (!served.SetEquals(_served))
            _served = served;
        _until = until;
    }
}
