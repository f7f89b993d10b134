using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.EndToEnd.Tests;

/// <summary>A node as the coordinator sees one: it says hello, takes its map, sends heartbeats and times their acknowledgements. It has nothing to carry VIPs with, and hardly any capacity.</summary>
public sealed class LinkClient : IAsyncDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly ClientWebSocket socket = new();
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<long, long> sent = new();
    private readonly ConcurrentQueue<TimeSpan> acknowledged = new();
    private readonly TaskCompletionSource welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task talking = Task.CompletedTask;
    private long applied;

    /// <summary>How long each acknowledgement took, since this was last asked; one that has not come counts for as long as it is missing.</summary>
    public TimeSpan[] Latencies()
    {
        var taken = new List<TimeSpan>();
        while (acknowledged.TryDequeue(out var latency))
            taken.Add(latency);
        return [.. taken, .. sent.Values.Select(at => Stopwatch.GetElapsedTime(at))];
    }

    /// <summary>Returns how long it took from the first packet to the map.</summary>
    public async Task<TimeSpan> JoinAsync(IPEndPoint coordinator, string name)
    {
        var began = Stopwatch.GetTimestamp();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.ConnectAsync(new Uri($"ws://{coordinator}{Routes.Link}"), patience.Token);
        await SayAsync(new NodeMessage.Hello(Wire.Schema, Facts(name), Guid.NewGuid().ToString("N"), MapVersion.None));
        talking = Task.WhenAll(HearAsync(), BeatAsync());
        if (await Task.WhenAny(joined.Task, talking).WaitAsync(patience.Token) == talking)
            await talking;
        return Stopwatch.GetElapsedTime(began);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await talking.ContinueWith(_ => { }, TaskScheduler.Default);
        socket.Dispose();
        stop.Dispose();
    }

    public static NodeFacts Facts(string name) => new(
        NodeName.Of(name),
        new SiteName("site-1"),
        new DomainName($"rack-of-{name}"),
        1000,
        new IPEndPoint(IPAddress.Loopback, 9),
        new IPEndPoint(IPAddress.Loopback, 9),
        new IPEndPoint(IPAddress.Loopback, 9));

    /// <summary>As a node does: from the welcome on, every period, and at once when it has its map.</summary>
    private async Task BeatAsync()
    {
        await welcomed.Task.WaitAsync(stop.Token);
        var hasMap = joined.Task;
        for (long seq = 1; ; seq++)
        {
            sent[seq] = Stopwatch.GetTimestamp();
            var version = Interlocked.Read(ref applied);
            await SayAsync(new NodeMessage.Heartbeat(
                seq,
                new MapVersion(version >> 40, version & ((1L << 40) - 1)),
                [],
                ImmutableSortedDictionary<VipAddress, int>.Empty,
                ImmutableSortedDictionary<BackendKey, Verdict>.Empty));
            var next = Task.Delay(Period, stop.Token);
            await (hasMap.IsCompleted ? next : Task.WhenAny(next, hasMap));
        }
    }

    private async Task HearAsync()
    {
        var reader = new WebSocketMessages(socket);
        while (true)
        {
            switch (Read(await reader.ReadAsync(stop.Token)))
            {
                case LeaderMessage.Welcome:
                    welcomed.TrySetResult();
                    break;
                case LeaderMessage.Full full:
                    Take(full.Map.Version);
                    joined.TrySetResult();
                    break;
                case LeaderMessage.Ack ack when sent.TryRemove(ack.Seq, out var at):
                    acknowledged.Enqueue(Stopwatch.GetElapsedTime(at));
                    break;
                case LeaderMessage.Change change:
                    Take(change.Delta.To);
                    break;
            }
        }
    }

    private void Take(MapVersion version) => Interlocked.Exchange(ref applied, (version.Term << 40) | version.Revision);

    private Task SayAsync(NodeMessage message) => socket.SendAsync(Wire.Encode(message), WebSocketMessageType.Text, true, stop.Token);

    private static LeaderMessage Read(ReadOnlyMemory<byte>? text) =>
        text is { } given && Wire.TryDecodeLeaderMessage(given.Span, out var message) ? message : throw new IOException("The coordinator has ended the link.");
}
