using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.WebSockets;
using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.Stores;
using Fleet.Http;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>A standby as the leader knows it.</summary>
internal sealed record StandbySeen(CoordinatorAddress Address, long Revision, Instant Heard);

/// <summary>
/// The standbys' WebSockets. Each is sent a pulse again and again, as long as this coordinator may acknowledge anything. One that may not is silent,
/// even if it lives: what it cannot renew is for somebody else to take.
/// </summary>
/// <param name="newest">The revision of the newest entry that is in the journal.</param>
internal sealed partial class StandbyLinks(AcknowledgementGate gate, Func<long> newest, MonotonicClock clock, ILogger<StandbyLinks> log)
{
    /// <summary>A fleet has three coordinators. A newcomer always gets in, and the link that is oldest is closed.</summary>
    public const int Max = 16;

    public static readonly TimeSpan PulseEvery = TimeSpan.FromMilliseconds(50);

    private const int ReportSizeMax = 4096;

    private static readonly TimeSpan FirstWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WriteMax = TimeSpan.FromSeconds(1);

    private readonly GiveWay<Link> _order = new(Max);
    private readonly ConcurrentDictionary<Link, StandbySeen> _seen = new();
    private readonly TaskCompletionSource<(StandbySeen Standby, long Term)> _next = new();
    private volatile string? _successor;

    /// <summary>Who follows this coordinator, each once, by name.</summary>
    public ImmutableArray<StandbySeen> Present =>
        [
            .. _seen.Values
                .GroupBy(seen => seen.Address.Name)
                .Select(same => same.MaxBy(seen => seen.Heard)!)
                .OrderBy(seen => seen.Address.Name, StringComparer.Ordinal),
        ];

    /// <summary>Who is to lead next, by name; null while nobody is to.</summary>
    public string? Successor
    {
        get => _successor;
        set => _successor = value;
    }

    /// <summary>Ends when a standby says that it leads now.</summary>
    public Task<(StandbySeen Standby, long Term)> NextLeads => _next.Task;

    /// <summary>Serves one connection until it ends.</summary>
    /// <param name="admitted">Called when the other side has said who it is.</param>
    public async Task ServeAsync(WebSocket socket, Action admitted, CancellationToken cancellation)
    {
        using var over = new Deadline(clock.Time, FirstWithin, cancellation);
        var link = new Link(socket, over);
        Task? pulses = null;
        try
        {
            var reader = new WebSocketMessages(socket, ReportSizeMax);
            while (await reader.ReadAsync(over.Token) is { } text)
            {
                if (StandbyReport.Parse(text.Span) is not { } report)
                    return;
                over.Within(IdleMax);
                Hear(link, report);
                if (pulses is not null)
                    continue;
                admitted();
                foreach (var oldest in _order.Hold(link))
                    oldest.End();
                pulses = PulseAsync(link, over.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            LogParted(link.Name, e.Message);
        }
        finally
        {
            _order.Leave(link);
            _seen.TryRemove(link, out _);
            link.End();
            await (pulses ?? Task.CompletedTask);
        }
    }

    private void Hear(Link link, StandbyReport report)
    {
        (link.Name, link.Echo) = (report.Name, report.Sent);
        var seen = _seen[link] = new StandbySeen(report.Address, report.Revision, clock.Now);
        // Others are told as well, by a link that they have left behind: that is no news here.
        if (report.Leads > 0 && _successor is not null)
            _next.TrySetResult((seen, report.Leads));
    }

    private async Task PulseAsync(Link link, CancellationToken cancellation)
    {
        try
        {
            using var slow = new Deadline(clock.Time, cancellation);
            while (true)
            {
                if (gate.Term is { } term && gate.IsOpen)
                {
                    slow.Within(WriteMax);
                    var pulse = new LeaderPulse(term, newest(), link.Echo, _successor);
                    await link.Socket.SendAsync(pulse.ToJson().AsMemory(), WebSocketMessageType.Text, endOfMessage: true, slow.Token);
                    slow.Within(Timeout.InfiniteTimeSpan);
                }

                await Task.Delay(PulseEvery, clock.Time, cancellation);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            link.End();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Standby {Name} parted: {Reason}")]
    private partial void LogParted(string name, string reason);

    private sealed class Link(WebSocket socket, Deadline over)
    {
        private long _echo;

        public WebSocket Socket => socket;

        public string Name { get; set; } = "of no name yet";

        public long Echo
        {
            get => Volatile.Read(ref _echo);
            set => Volatile.Write(ref _echo, value);
        }

        public void End()
        {
            try
            {
                over.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It is over already.
            }
        }
    }
}
