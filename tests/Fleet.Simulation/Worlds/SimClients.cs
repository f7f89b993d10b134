using System.Collections.Immutable;
using System.Net;
using Fleet.Node.DataPlanes.Relay.Balancing;
using Fleet.Node.DataPlanes.Relay.Serving;
using Fleet.Node.Gslb.Answering;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Model;

namespace Fleet.Simulation.Worlds;

/// <summary>Why a client was not served.</summary>
public enum Disservice
{
    /// <summary>No node answered its question.</summary>
    NoDns,

    /// <summary>The answer had no address.</summary>
    NoAddress,

    /// <summary>Nobody serves the address it was given, nor a second later.</summary>
    NobodyThere,

    /// <summary>The relay there has no backend for it that works.</summary>
    NoBackend,
}

/// <param name="Asked">When it asked DNS, true time.</param>
/// <param name="Vip">Where it tried to connect; null when it had no address.</param>
/// <param name="By">Who answered it, or was to serve it; null when nobody was.</param>
public sealed record Unserved(long Asked, ServiceName Service, Disservice Why, VipAddress? Vip, NodeName? By);

/// <summary>
/// Clients from the outside, which see only what clients see: each asks the DNS of one node after the other, over the wire, until one answers;
/// connects to the first address of the answer, once more after a second as TCP does; and is served when the relay there finds a backend that works.
/// No cut between the fleet's own reaches them.
/// </summary>
public sealed class SimClients(World world)
{
    private static readonly TimeSpan SynAgain = TimeSpan.FromSeconds(1);

    private readonly Queue<Unserved> _unserved = new();
    private readonly byte[] _answer = new byte[ushort.MaxValue];
    private Lane? _lane;

    public void Begin(int count)
    {
        for (var i = 0; i < count; i++)
            Next();
    }

    /// <summary>The next that was not served.</summary>
    public bool TryTake(out Unserved? unserved) => _unserved.TryDequeue(out unserved);

    private void Next() => world.After(TimeSpan.FromMilliseconds(world.Chance.Next(50, 1_000)), Visit);

    private void Visit()
    {
        var asked = world.Now;
        var service = world.Settings.Services[world.Chance.Next(world.Settings.Services.Count)];
        if (Ask(service) is not var (node, addresses))
            End(new Unserved(asked, service.Name, Disservice.NoDns, null, null));
        else if (addresses.IsEmpty)
            End(new Unserved(asked, service.Name, Disservice.NoAddress, null, node));
        else
            Connect(asked, service, addresses[0], isLast: false);
    }

    /// <summary>Of the nodes, in any order, the first that answers; one that has no map yet could only say so.</summary>
    private (NodeName Node, ImmutableArray<VipAddress> Addresses)? Ask(Service service)
    {
        if (GslbNames.ForService(world.Settings.Policy.Zone, service) is not { } name)
            throw new InvalidOperationException($"{service.Name} has no name in DNS.");
        var answering = world.Nodes.Values.Where(n => n is { Agent.IsRunning: true, Zones: not null }).OrderBy(_ => world.Chance.Next()).ToArray();
        foreach (var node in answering)
        {
            if (Addresses(node, name) is { } addresses)
                return (node.Name, addresses);
        }

        return null;
    }

    private ImmutableArray<VipAddress>? Addresses(SimNode node, DnsName name)
    {
        Span<byte> query = stackalloc byte[DnsQuery.SizeMax];
        var length = new DnsQuery((ushort)world.Chance.Next(ushort.MaxValue), name, DnsType.A).Write(query);
        _lane ??= new Lane((ulong)world.Settings.Seed);
        var answered = Responder.Respond(node.Zones, query[..length], _answer, new Arrival([198, 18, 0, 1], overTcp: false, node.Time), _lane);
        if (!DnsReply.TryRead(_answer.AsSpan(0, answered), out var reply))
            throw new InvalidOperationException($"{node.Name} answers {name} with what is no DNS reply.");
        return reply.Rcode is DnsRcode.NoError or DnsRcode.NxDomain
            ? [.. reply.Answers.Where(record => record.Type == DnsType.A).Select(record => new VipAddress(new IPAddress(record.Data.AsSpan())))]
            : null;
    }

    private void Connect(long asked, Service service, VipAddress vip, bool isLast)
    {
        var (holder, listener) = world.Nodes.Values
            .Select(n => (n.Name, Listener: n.Relay.ListenerOf(vip)))
            .FirstOrDefault(n => n.Listener is not null);
        if (listener is not null)
            End(IsServedBy(listener) ? null : new Unserved(asked, service.Name, Disservice.NoBackend, vip, holder));
        else if (isLast)
            End(new Unserved(asked, service.Name, Disservice.NobodyThere, vip, null));
        else
            world.After(SynAgain, () => Connect(asked, service, vip, isLast: true));
    }

    /// <summary>As a relay's connection does: some of the pool, one after the other.</summary>
    private bool IsServedBy(SimVipListener listener)
    {
        List<PooledBackend> tried = [];
        while (tried.Count < RelayConnection.BackendsTriedMax && listener.Plan.Pool.Enter(IPAddress.Loopback, tried) is { } backend)
        {
            listener.Plan.Pool.Leave(backend);
            if (!world.Backends.HasFailed(backend.Backend.Address))
                return true;
            tried.Add(backend);
        }

        return false;
    }

    private void End(Unserved? unserved)
    {
        world.Tally.Count(unserved is null ? "client-served" : $"client-{unserved.Why.ToString().ToLowerInvariant()}");
        if (unserved is not null)
            _unserved.Enqueue(unserved);
        Next();
    }
}
