using System.Net.WebSockets;
using Fleet.Coordinator.Standbys;
using Fleet.Shared.Protocol;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Net;

/// <summary>
/// Connections of a coordinator that waits to the leader, as <see cref="SimDialler"/> makes those of nodes: one that is dead refuses them, one that
/// is stopped lets them wait, and over a way that is cut the first packet is sent anew.
/// </summary>
internal sealed class SimStandbyDialler(World world, SimCoordinator self, ProcessLife life) : IStandbyDialler
{
    private const long ResendEvery = 1_000_000;

    public async Task<WebSocket> DialAsync(LinkAddress leader, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource<WebSocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellation.Register(() => done.TrySetCanceled(cancellation));
        Knock(world.Coordinators.First(c => c.Link == leader), leader, done);
        return await done.Task;
    }

    private void Knock(SimCoordinator there, LinkAddress leader, TaskCompletionSource<WebSocket> done)
    {
        if (done.Task.IsCompleted || life.IsDead)
            return;
        if (world.Network.IsCut(self.Name, there.Name) || world.Network.IsCut(there.Name, self.Name))
        {
            world.Scheduler.After(ResendEvery, () => Knock(there, leader, done));
            return;
        }

        world.Scheduler.After((2 * world.Network.Latency(self.Name, there.Name)) + world.Network.Latency(there.Name, self.Name), () =>
        {
            if (!done.Task.IsCompleted && !life.IsDead)
                there.AcceptStandby(self.Name, life, socket => Answer(there, leader, done, socket));
        });
    }

    private void Answer(SimCoordinator there, LinkAddress leader, TaskCompletionSource<WebSocket> done, WebSocket? socket) =>
        world.Scheduler.After(world.Network.Latency(there.Name, self.Name), () => life.Run(() =>
        {
            if (socket is null)
                done.TrySetException(new NobodyListensException(leader));
            else if (!done.TrySetResult(socket))
                socket.Abort();
        }));
}
