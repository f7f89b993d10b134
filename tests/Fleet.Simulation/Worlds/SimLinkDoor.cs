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
            if (world.Storage is null ? program.Mailbox.IsLeading : program.Mailbox.IsTakingCommands)
                life.Begin(() => ServeAsync(Open(), node));
            else if (world.Coordinators.Length > 1)
                life.Begin(() => SendOnAsync(Open, () => Tell(null), node));
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

        SimWebSocket Open()
        {
            var (near, far) = SimWebSocket.Pair(world.Scheduler, world.Network, (node.Name.Value, client), (host, life));
            far.Sending = text =>
            {
                if (!IsRedirect(text.Span))
                    world.Leaves("A message to a node", life);
            };
            if (world.Storage is not null)
            {
                var judge = new SimAckJudge(world, node);
                (near.Sending, near.Received) = (judge.Sends, judge.Hears);
            }

            Tell(near);
            return far;
        }
    }

    public void AcceptStandby(string other, ProcessLife client, Action<WebSocket?> told)
    {
        var isAnswered = false;
        life.AtDeath(() => Tell(null));
        life.Run(() =>
        {
            var (near, far) = SimWebSocket.Pair(world.Scheduler, world.Network, (other, client), (host, life));
            Tell(near);
            life.Begin(async () =>
            {
                using (far)
                    await program.Standbys.ServeAsync(far, () => { }, CancellationToken.None);
            });
        });

        void Tell(WebSocket? socket)
        {
            if (isAnswered)
                return;
            isAnswered = true;
            told(socket);
        }
    }

    /// <summary>Whoever leads no more may say so, and who does.</summary>
    private static bool IsRedirect(ReadOnlySpan<byte> text) => text.Length < 256 && text.IndexOf("\"redirect\""u8) >= 0;

    private async Task ServeAsync(WebSocket socket, SimNode node)
    {
        using (socket)
            await program.Links.ServeAsync(
                socket,
                new LinkPeer(node.Name.Value, Principal.Claimed(null, node.Facts.WitnessAddress.Address), _ => socket.Abort(), () => { }),
                CancellationToken.None);
    }

    /// <summary>As the endpoint of links does it: who leads in a moment is waited for.</summary>
    private async Task SendOnAsync(Func<WebSocket> open, Action refuse, SimNode node)
    {
        var leader = await program.Leaders.AwaitAsync(() => program.Mailbox.IsTakingCommands, CancellationToken.None);
        if (leader is null && program.Mailbox.IsTakingCommands)
        {
            await ServeAsync(open(), node);
            return;
        }

        if (leader?.Link is not { } link)
        {
            refuse();
            return;
        }

        using var socket = open();
        await FollowerLink.SendOnAsync(socket, link, time, CancellationToken.None);
    }
}
