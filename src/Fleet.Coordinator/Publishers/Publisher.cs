using System.Collections.Immutable;
using System.Threading.Channels;
using Fleet.Coordinator.Publishing;
using Fleet.Shared.Api;
using Fleet.Shared.Config;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;

namespace Fleet.Coordinator.Publishers;

/// <summary>
/// Keeps one zone on another server in step with the map while this coordinator leads: on a new map, and on a period. A failure is tried again with
/// growing delay, and logged once while it stays the same.
/// </summary>
/// <param name="map">The present map; null while this coordinator does not lead.</param>
/// <param name="answers">From a map to its present answers.</param>
/// <param name="settle">
/// How long the first pass waits after this coordinator began to lead: a fleet that has just begun, and has no nodes yet, must not empty the zone.
/// </param>
internal sealed partial class Publisher(
    PublishSettings settings,
    PublishTarget target,
    Func<CancellationToken, Task<FleetMap?>> map,
    Func<FleetMap, ImmutableArray<RecordSet>> answers,
    TimeSpan settle,
    TimeProvider time,
    ILogger log)
{
    /// <summary>Maps come in bursts: what follows this closely goes in the same update.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan StandbyPeriod = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PublishingView _idle = new(
        settings.Server.ToString(), target.Zone.ToString(), target.FleetZone.ToString(), PublishingView.Waiting, null, 0, null, [], 0, 0, 0);

    private volatile PublishingView? _view;
    private ZoneRecords? _confirmed;
    private DateTimeOffset? _leadingSince;
    private DateTimeOffset _due;
    private int _failures;
    private string _told = "";

    public PublishingView View => _view ?? _idle;

    /// <summary>The map may have changed.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Ends on cancellation and on nothing else.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            for (var wait = TimeSpan.Zero; ; wait = await StepAsync(cancellation))
                await WaitAsync(wait, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The one way out.
        }
    }

    /// <summary>Does what is due; returns how long nothing more will be due, unless the publisher is woken.</summary>
    private async Task<TimeSpan> StepAsync(CancellationToken cancellation)
    {
        if (await map(cancellation) is not { } present)
        {
            (_leadingSince, _confirmed, _view, _failures, _told) = (null, null, null, 0, "");
            return StandbyPeriod;
        }

        var now = time.GetUtcNow();
        _leadingSince ??= now;
        if (_leadingSince + settle > now)
            return _leadingSince.Value + settle - now;
        var wanted = target.Wanted(answers(present));
        var isNews = _failures == 0 && _confirmed?.IsSame(wanted) != true;
        if (!isNews && now < _due)
            return _due - now;
        await PassAsync(wanted, cancellation);
        var delay = _failures == 0 ? settings.Every : Backoff.After(_failures, Random.Shared.NextDouble());
        _due = time.GetUtcNow() + delay;
        return delay;
    }

    private async Task PassAsync(ZoneRecords wanted, CancellationToken cancellation)
    {
        var result = KeyFile.TryRead(settings.KeyFile, out var key, out var mistake)
            ? await new PublishPass(new DnsServerLink(settings.Server, key, time), target).RunAsync(wanted, cancellation)
            : new PassResult(View.Pending, 0, [], new DnsFailure(DnsFailureKind.Refused, mistake));
        _failures = result.Failure is null ? 0 : _failures + 1;
        _confirmed = result.Failure is null ? wanted : null;
        _view = View with
        {
            State = result.Failure?.Kind switch
            {
                null => PublishingView.InStep,
                DnsFailureKind.Refused => PublishingView.Refused,
                _ => PublishingView.Behind,
            },
            LastSuccess = result.Failure is null ? time.GetUtcNow() : View.LastSuccess,
            Pending = result.Pending,
            LastError = result.Failure?.Text,
            LeftAlone = [.. result.LeftAlone.Select(left => $"{left.Name}: {left.Reason}")],
            RecordSets = wanted.Count,
            Updates = View.Updates + result.Updates,
            Failures = View.Failures + (result.Failure is null ? 0 : 1),
        };
        Tell(result);
    }

    private void Tell(PassResult result)
    {
        if (result is { Failure: null, Updates: > 0 })
            LogPublished(target.Zone, settings.Server, result.Updates);
        var text = $"{result.Failure?.Text}|{string.Join('|', View.LeftAlone)}";
        if (text == _told)
            return;
        if (result.Failure is { } failure)
            LogFailed(target.Zone, settings.Server, failure.Text);
        else if (_told.Length > 0)
            LogInStep(target.Zone, settings.Server);
        foreach (var left in View.LeftAlone)
            LogLeftAlone(target.Zone, settings.Server, left);
        _told = text;
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellation)
    {
        if (wait <= TimeSpan.Zero)
            return;
        using var timer = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
            await Task.Delay(Gather, time, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The next step is due by itself.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Zone {Zone} on {Server} is in step, by {Updates} update(s)")]
    private partial void LogPublished(DnsName zone, System.Net.IPEndPoint server, int updates);

    [LoggerMessage(Level = LogLevel.Error, Message = "Zone {Zone} on {Server} is not in step, and is tried again: {Reason}")]
    private partial void LogFailed(DnsName zone, System.Net.IPEndPoint server, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Zone {Zone} on {Server} is in step again")]
    private partial void LogInStep(DnsName zone, System.Net.IPEndPoint server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Zone {Zone} on {Server} leaves alone {Name}")]
    private partial void LogLeftAlone(DnsName zone, System.Net.IPEndPoint server, string name);
}
