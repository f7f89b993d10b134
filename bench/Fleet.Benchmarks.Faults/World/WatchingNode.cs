using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.WebSockets;
using Fleet.Benchmarks.Faults.Judging;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Faults.World;

/// <summary>
/// A node as a coordinator sees one, which has a link to every coordinator at once, and writes down which heartbeats each acknowledges. It comes
/// again whenever it is sent away, so that a coordinator that acknowledges what it must not is seen. It takes no VIP that it is given.
/// </summary>
internal sealed class WatchingNode(int number, IReadOnlyList<Coordinator> coordinators, Sightings sightings)
{
    private const long CapacityBps = 1_000_000_000_000;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ComeAgainAfter = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Incarnation _incarnation = Incarnation.Next(Incarnation.None, TimeProvider.System.GetUtcNow());

    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(coordinators.Select(each => RunAsync(each, cancellation)));

    private async Task RunAsync(Coordinator coordinator, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await LinkAsync(coordinator, cancellation);
            }
            catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or HttpRequestException)
            {
                // It is dead, stopped, or does not lead.
            }

            await Task.Delay(ComeAgainAfter, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LinkAsync(Coordinator coordinator, CancellationToken cancellation)
    {
        using var socket = new ClientWebSocket();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        await socket.ConnectAsync(new Uri($"ws://{coordinator.Listen}{Routes.Link}"), patience.Token);
        await SayAsync(socket, new NodeMessage.Hello(Wire.Schema, Facts(), _incarnation, MapVersion.None), patience.Token);
        patience.CancelAfter(Timeout.InfiniteTimeSpan);
        var link = new Link(socket);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var hearing = HearAsync(link, coordinator, end.Token);
        var beating = BeatAsync(link, end.Token);
        await Task.WhenAny(hearing, beating);
        await end.CancelAsync();
        await Task.WhenAll(hearing, beating);
    }

    private static async Task BeatAsync(Link link, CancellationToken cancellation)
    {
        await link.Welcomed.Task.WaitAsync(cancellation);
        for (long seq = 1; ; seq++)
        {
            link.Asked[seq] = MonotonicClock.System.Now;
            await SayAsync(link.Socket, new NodeMessage.Heartbeat(
                seq,
                link.Applied,
                [],
                ImmutableSortedDictionary<VipAddress, int>.Empty,
                ImmutableSortedDictionary<BackendKey, Verdict>.Empty), cancellation);
            await Task.Delay(Period, cancellation);
        }
    }

    private async Task HearAsync(Link link, Coordinator coordinator, CancellationToken cancellation)
    {
        var reader = new WebSocketMessages(link.Socket);
        while (await reader.ReadAsync(cancellation) is { } text && Wire.TryDecodeLeaderMessage(text.Span, out var message))
        {
            switch (message)
            {
                case LeaderMessage.Welcome:
                    link.Welcomed.TrySetResult();
                    break;
                case LeaderMessage.Full full:
                    link.Applied = full.Map.Version;
                    break;
                case LeaderMessage.Change change:
                    link.Applied = change.Delta.To;
                    break;
                case LeaderMessage.Ack ack when link.Asked.TryRemove(ack.Seq, out var asked):
                    sightings.Add(new Acknowledgement(coordinator.Number, ack.Version.Term, asked, MonotonicClock.System.Now));
                    break;
                case LeaderMessage.Redirect or LeaderMessage.Refusal:
                    return;
            }
        }
    }

    private NodeFacts Facts()
    {
        var nowhere = new IPEndPoint(IPAddress.Loopback, 9);
        var name = NodeName.Parse($"watch-{number}");
        return new NodeFacts(name, new SiteName("watches"), new DomainName($"{name}"), CapacityBps, nowhere, nowhere, nowhere);
    }

    private static Task SayAsync(ClientWebSocket socket, NodeMessage message, CancellationToken cancellation) =>
        socket.SendAsync(Wire.Encode(message), WebSocketMessageType.Text, true, cancellation);

    private sealed class Link(ClientWebSocket socket)
    {
        private MapVersion _applied = MapVersion.None;

        public ClientWebSocket Socket => socket;

        public TaskCompletionSource Welcomed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentDictionary<long, Instant> Asked { get; } = [];

        public MapVersion Applied
        {
            get
            {
                lock (this.Asked)
                    return _applied;
            }

            set
            {
                lock (this.Asked)
                    _applied = value;
            }
        }
    }
}
