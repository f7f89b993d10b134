using System.Net.WebSockets;
using Fleet.Coordinator.Api;
using Fleet.Coordinator.Control;
using Fleet.Shared.Model;
using Fleet.Simulation.Net;
using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Worlds;

/// <summary>Where nodes come to one run of a coordinator: as its listener, the leader talks to them, and a follower says who leads.</summary>
internal sealed class SimLinkDoor(World world, string host, LeaderProgram program, ProcessLife life, TimeProvider time)
{
    public void Accept(SimNode node, ProcessLife client, Action<WebSocket?> told)
    {
        var isAnswered = false;
        life.AtDeath(() => Tell(null));
        life.Run(() =>
        {
            if (program.Mailbox.IsLeading)
                life.Begin(() => ServeAsync(Open(), node));
            else if (world.Coordinators.Length > 1)
                life.Begin(() => SendOnAsync(() => Open(isLeader: false), () => Tell(null)));
            else
                Tell(null);
        });

        void Tell(WebSocket? socket)
        {
            if (isAnswered)
                return;
            isAnswered = true;
            told(socket);
        }

        SimWebSocket Open(bool isLeader = true)
        {
            var (near, far) = SimWebSocket.Pair(world.Scheduler, world.Network, (node.Name.Value, client), (host, life));
            if (isLeader)
                far.Sending = _ => world.Leaves("A message to a node", life);
            if (world.Storage is not null)
            {
                var judge = new SimAckJudge(world, node);
                (near.Sending, near.Received) = (judge.Sends, judge.Hears);
            }

            Tell(near);
            return far;
        }
    }

    private async Task ServeAsync(WebSocket socket, SimNode node)
    {
        using (socket)
            await program.Links.ServeAsync(
                socket,
                new LinkPeer(node.Name.Value, Principal.Claimed(null, node.Facts.WitnessAddress.Address), _ => socket.Abort(), () => { }),
                CancellationToken.None);
    }

    /// <summary>As the endpoint of links does it.</summary>
    private async Task SendOnAsync(Func<WebSocket> open, Action refuse)
    {
        if ((await program.Leaders.FindAsync(CancellationToken.None))?.Link is not { } leader)
        {
            refuse();
            return;
        }

        using var socket = open();
        await FollowerLink.SendOnAsync(socket, leader, time, CancellationToken.None);
    }
}
