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

/// <summary>
/// A node as the coordinator sees one: it says hello, takes its map, sends heartbeats and times their acknowledgements. It has nothing to carry VIPs
/// with, and hardly any capacity.
/// </summary>
public sealed class LinkClient : IAsyncDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<long, long> _sent = new();
    private readonly ConcurrentQueue<TimeSpan> _acknowledged = new();
    private readonly TaskCompletionSource _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _talking = Task.CompletedTask;
    private long _applied;
    private long _heard;
    private bool _isOver;

    /// <summary>Heartbeats that were acknowledged since it joined.</summary>
    public long Acknowledged => Interlocked.Read(ref _heard);

    /// <summary>How long each acknowledgement took, since this was last asked; one that has not come counts for as long as it is missing.</summary>
    public TimeSpan[] Latencies()
    {
        var taken = new List<TimeSpan>();
        while (_acknowledged.TryDequeue(out var latency))
            taken.Add(latency);
        return [.. taken, .. _sent.Values.Select(at => Stopwatch.GetElapsedTime(at))];
    }

    /// <summary>Returns how long it took from the first packet to the map.</summary>
    public async Task<TimeSpan> JoinAsync(IPEndPoint coordinator, string name)
    {
        var began = Stopwatch.GetTimestamp();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _socket.ConnectAsync(new Uri($"ws://{coordinator}{Routes.Link}"), patience.Token);
        await SayAsync(
            new NodeMessage.Hello(Wire.Schema, Facts(name), Incarnation.Next(Incarnation.None, TimeProvider.System.GetUtcNow()), MapVersion.None));
        _talking = Task.WhenAll(HearAsync(), BeatAsync());
        if (await Task.WhenAny(_joined.Task, _talking).WaitAsync(patience.Token) == _talking)
            await _talking;
        return Stopwatch.GetElapsedTime(began);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOver)
            return;
        _isOver = true;
        await _stop.CancelAsync();
        await _talking.ContinueWith(_ => { }, TaskScheduler.Default);
        _socket.Dispose();
        _stop.Dispose();
    }

    public static NodeFacts Facts(string name) => new(
        NodeName.Parse(name),
        new SiteName("site-1"),
        new DomainName($"rack-of-{name}"),
        1000,
        new IPEndPoint(IPAddress.Loopback, 9),
        new IPEndPoint(IPAddress.Loopback, 9),
        new IPEndPoint(IPAddress.Loopback, 9));

    /// <summary>As a node does: from the welcome on, every period, and at once when it has its map.</summary>
    private async Task BeatAsync()
    {
        await _welcomed.Task.WaitAsync(_stop.Token);
        var hasMap = _joined.Task;
        for (long seq = 1; ; seq++)
        {
            _sent[seq] = Stopwatch.GetTimestamp();
            var version = Interlocked.Read(ref _applied);
            await SayAsync(new NodeMessage.Heartbeat(
                seq,
                new MapVersion(version >> 40, version & ((1L << 40) - 1)),
                [],
                ImmutableSortedDictionary<VipAddress, int>.Empty,
                ImmutableSortedDictionary<BackendKey, Verdict>.Empty));
            var next = Task.Delay(Period, _stop.Token);
            await (hasMap.IsCompleted ? next : Task.WhenAny(next, hasMap));
        }
    }

    private async Task HearAsync()
    {
        var reader = new WebSocketMessages(_socket);
        while (true)
        {
            switch (Read(await reader.ReadAsync(_stop.Token)))
            {
                case LeaderMessage.Welcome:
                    _welcomed.TrySetResult();
                    break;
                case LeaderMessage.Full full:
                    Take(full.Map.Version);
                    _joined.TrySetResult();
                    break;
                case LeaderMessage.Ack ack when _sent.TryRemove(ack.Seq, out var at):
                    _acknowledged.Enqueue(Stopwatch.GetElapsedTime(at));
                    Interlocked.Increment(ref _heard);
                    break;
                case LeaderMessage.Change change:
                    Take(change.Delta.To);
                    break;
            }
        }
    }

    private void Take(MapVersion version) => Interlocked.Exchange(ref _applied, (version.Term << 40) | version.Revision);

    private Task SayAsync(NodeMessage message) => _socket.SendAsync(Wire.Encode(message), WebSocketMessageType.Text, true, _stop.Token);

    private static LeaderMessage Read(ReadOnlyMemory<byte>? text) =>
        text is { } given && Wire.TryDecodeLeaderMessage(given.Span, out var message)
            ? message
            : throw new IOException("The coordinator has ended the link.");
}
