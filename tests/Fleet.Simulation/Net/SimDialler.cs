using System.Net;
using System.Net.WebSockets;
using Fleet.Node.Control;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Net;

/// <summary>
/// Connections of a node to a coordinator: a round trip for TCP, one for the request. Over a way that is cut the first packet is sent anew; a
/// coordinator that is stopped lets connections wait until it goes on; one that is dead refuses them.
/// </summary>
public sealed class SimDialler(World world, SimNode node, ProcessLife life) : IDialler
{
    private const long ResendEvery = 1_000_000;

    /// <inheritdoc/>
    public async Task<WebSocket> DialAsync(IPEndPoint coordinator, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<WebSocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellation.Register(() => done.TrySetCanceled(cancellation));
        Knock(world.Coordinators.First(c => c.Link.Endpoint.Equals(coordinator)), done);
        return await done.Task;
    }

    private void Knock(SimCoordinator coordinator, TaskCompletionSource<WebSocket> done)
    {
        if (done.Task.IsCompleted || life.IsDead)
            return;
        var (me, them) = (node.Name.Value, coordinator.Name);
        if (world.Network.IsCut(me, them) || world.Network.IsCut(them, me))
        {
            world.Scheduler.After(ResendEvery, () => Knock(coordinator, done));
            return;
        }

        world.Scheduler.After((2 * world.Network.Latency(me, them)) + world.Network.Latency(them, me), () =>
        {
            if (!done.Task.IsCompleted && !life.IsDead)
                coordinator.Accept(node, life, socket => world.Scheduler.After(world.Network.Latency(them, me), () => Answer(done, socket)));
        });
    }

    private static void Answer(TaskCompletionSource<WebSocket> done, WebSocket? socket)
    {
        if (socket is null)
            done.TrySetException(new WebSocketException(WebSocketError.NotAWebSocket));
        else if (!done.TrySetResult(socket))
            socket.Abort();
    }
}
