using Fleet.Shared.Model;
using Fleet.Simulation.Net;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>Messages in one direction between two hosts are dropped; TCP stalls.</summary>
public sealed record Cut(TimeSpan At, string From, string To, bool BothWays) : Fault(At)
{
    protected override bool Do(World world)
    {
        foreach (var (from, to) in world.Hosts(From).SelectMany(from => world.Hosts(To).Select(to => (from, to))))
        {
            world.Network.Cut(from, to);
            if (BothWays)
                world.Network.Cut(to, from);
        }

        return From != To;
    }
}

/// <summary>A way that is cut and mended again and again.</summary>
public sealed record FlapCut(TimeSpan At, string From, string To, TimeSpan Half, int Times) : Fault(At)
{
    public override TimeSpan Lasts => Half * (2 * Times);

    protected override bool Do(World world)
    {
        var ways = world.Hosts(From).SelectMany(from => world.Hosts(To).Select(to => (from, to))).ToArray();
        for (var i = 0; i < Times; i++)
        {
            world.After(Half * (2 * i), () => Array.ForEach(ways, way => world.Network.Cut(way.from, way.to)));
            world.After(Half * ((2 * i) + 1), () => Array.ForEach(ways, way => world.Network.Mend(way.from, way.to)));
        }

        return From != To;
    }
}

/// <summary>Cut off from everybody.</summary>
public sealed record CutOff(TimeSpan At, string Node) : Fault(At)
{
    public static void From(World world, string node)
    {
        foreach (var other in world.Nodes.Keys.Select(n => n.Value).Concat(world.Hosts(Network.Coordinator)).Where(n => n != node))
        {
            world.Network.Cut(node, other);
            world.Network.Cut(other, node);
        }
    }

    protected override bool Do(World world)
    {
        From(world, Node);
        return world.Nodes.ContainsKey(new NodeName(Node));
    }
}

/// <summary>All nodes of a site are cut off from everybody outside, and hear each other.</summary>
public sealed record CutSite(TimeSpan At, string Site) : Fault(At)
{
    protected override bool Do(World world)
    {
        var sites = world.Nodes.Values.ToLookup(n => n.Facts.Site.Value == Site, n => n.Name.Value);
        foreach (var inside in sites[true])
        {
            foreach (var outside in sites[false].Concat(world.Hosts(Network.Coordinator)))
            {
                world.Network.Cut(inside, outside);
                world.Network.Cut(outside, inside);
            }
        }

        return sites[true].Any();
    }
}

/// <summary>All that is wrong with the network ends, but for its distances.</summary>
public sealed record Heal(TimeSpan At) : Fault(At)
{
    protected override bool Do(World world)
    {
        world.Network.Heal();
        return true;
    }
}

/// <summary>So many of all datagrams are lost.</summary>
public sealed record Lose(TimeSpan At, double Part) : Fault(At)
{
    protected override bool Do(World world)
    {
        world.Network.Loss = Part;
        return true;
    }
}

/// <summary>So many of all datagrams come twice.</summary>
public sealed record Repeat(TimeSpan At, double Part) : Fault(At)
{
    protected override bool Do(World world)
    {
        world.Network.Twice = Part;
        return true;
    }
}

/// <summary>Some of all messages take much longer: up to so many milliseconds.</summary>
public sealed record Delay(TimeSpan At, double Part, int MostMs) : Fault(At)
{
    protected override bool Do(World world)
    {
        world.Network.Tail = (Part, MostMs * 1000);
        return true;
    }
}

/// <summary>Half of all ways take up to so many milliseconds more, for the rest of the world.</summary>
public sealed record Stretch(TimeSpan At, int Chance, int MostMs) : Fault(At)
{
    protected override bool Do(World world)
    {
        var chance = new Random(Chance);
        string[] hosts = [.. world.Hosts(Network.Coordinator), .. world.Nodes.Keys.Select(n => n.Value)];
        foreach (var (from, to) in hosts.SelectMany(from => hosts.Select(to => (from, to))).Where(_ => chance.Next(2) == 0))
            world.Network.Stretch(from, to, chance.Next(1, (MostMs * 1000) + 1));
        return true;
    }
}
