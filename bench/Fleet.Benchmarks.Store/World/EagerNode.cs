using System.Collections.Immutable;
using System.Net;
using System.Net.WebSockets;
using Fleet.Benchmarks.Store.Fleets;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Store.World;

/// <summary>A node of the fleet that knocks at one coordinator until that one acknowledges a heartbeat.</summary>
internal sealed class EagerNode(IPEndPoint coordinator, int number)
{
    private const int SmallMax = 10_000;

    private static readonly TimeSpan KnockEvery = TimeSpan.FromMilliseconds(20);

    private readonly Incarnation _incarnation = Incarnation.Next(Incarnation.None, TimeProvider.System.GetUtcNow());

    /// <summary>When the first acknowledgement was here.</summary>
    public async Task<DateTimeOffset> AcknowledgedAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (await KnockAsync(cancellation) is { } at)
                    return at;
            }
            catch (Exception e) when (e is WebSocketException or IOException or HttpRequestException)
            {
                // It does not run, or does not lead.
            }

            await Task.Delay(KnockEvery, cancellation);
        }
    }

    private async Task<DateTimeOffset?> KnockAsync(CancellationToken cancellation)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{coordinator}{Routes.Link}"), cancellation);
        await SayAsync(socket, new NodeMessage.Hello(Wire.Schema, BenchFleet.Facts(number), _incarnation, MapVersion.None), cancellation);
        var reader = new WebSocketMessages(socket);
        while (await reader.ReadAsync(cancellation) is { } text)
        {
            // Reading a full map takes this process longer than it takes the leader to send it.
            if (text.Length > SmallMax || !Wire.TryDecodeLeaderMessage(text.Span, out var message))
                continue;
            switch (message)
            {
                case LeaderMessage.Welcome:
                    await SayAsync(socket, FirstHeartbeat(), cancellation);
                    break;
                case LeaderMessage.Ack:
                    return TimeProvider.System.GetUtcNow();
                case LeaderMessage.Redirect or LeaderMessage.Refusal:
                    return null;
            }
        }

        return null;
    }

    private static NodeMessage.Heartbeat FirstHeartbeat() => new(
        1,
        MapVersion.None,
        [],
        ImmutableSortedDictionary<VipAddress, int>.Empty,
        ImmutableSortedDictionary<BackendKey, Verdict>.Empty);

    private static Task SayAsync(ClientWebSocket socket, NodeMessage message, CancellationToken cancellation) =>
        socket.SendAsync(Wire.Encode(message), WebSocketMessageType.Text, true, cancellation);
}
