using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Simulation.Worlds;

/// <summary>Carries an agent's orders to the relay one after the other, as the real runner does: the next goes when the last has been answered.</summary>
public sealed class PlaneQueue(World world, SimNode node)
{
    private readonly Queue<NodeEffect> orders = new();
    private readonly int incarnation = node.Agent.Incarnation;
    private bool busy;
    private Action? whenDone;

    public void Post(NodeEffect order)
    {
        orders.Enqueue(order);
        Next();
    }

    public void WhenDone(Action what)
    {
        whenDone = what;
        Next();
    }

    private void Next()
    {
        if (busy)
            return;
        while (orders.TryDequeue(out var order))
        {
            if (IsOvertaken(order))
                continue;
            busy = true;
            Send(order);
            return;
        }

        if (whenDone is { } done)
            node.Agent.DoAfter(0, done);
    }

    private bool IsOvertaken(NodeEffect order) =>
        order is NodeEffect.HoldVips hold && orders.TryPeek(out var next) && next is NodeEffect.HoldVips later
        && ReferenceEquals(hold.Vips, later.Vips) && hold.Version <= later.Version;

    /// <summary>The order is under way to the relay even if the agent dies now; a relay that was stopped finds it when it wakes, unless a new agent has come.</summary>
    private void Send(NodeEffect order) => world.After(world.Chance.Next(50, 500), () => node.Relay.Process.Do(() =>
    {
        if (node.Agent.Incarnation != incarnation)
            return;
        if (order is NodeEffect.HoldVips hold)
            node.Relay.Hold(hold.Vips, hold.Until);
        node.Agent.DoAfter(world.Chance.Next(50, 1000), () =>
        {
            busy = false;
            if (Answer(order) is { } answer)
                node.Take(answer);
            Next();
        });
    }));

    private NodeInput? Answer(NodeEffect order) => order switch
    {
        NodeEffect.HoldVips hold => new NodeInput.Held(hold.Version, []),
        NodeEffect.ReadCounters => new NodeInput.Counted(
            node.Relay.Serving.ToImmutableSortedDictionary(v => v, _ => VipCounters.Zero)),
        _ => null,
    };
}
