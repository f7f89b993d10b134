using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Fleet.Demo.Clients;
using Fleet.Shared.Api;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <param name="Version">What was acknowledged; null for a refusal, or no answer.</param>
internal sealed record OperatorCall(Instant Sent, Instant Done, MapVersion? Version);

/// <summary>
/// Changes one service all the time, by some bits a second, at whichever coordinator answers. Placement is not touched by that.
/// </summary>
internal sealed class SteadyOperator(ImmutableArray<Uri> coordinators, MonotonicClock clock) : IAsyncDisposable
{
    /// <summary>As much as eight VIPs may have here, nearly 5 % of a node each: then one VIP more or less on a node counts.</summary>
    private const long DemandMin = 390_000_000;

    public const long DemandMax = DemandMin + 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new AnyCoordinator(coordinators)) { BaseAddress = coordinators[0], Timeout = TimeSpan.FromSeconds(3) };
    private readonly ConcurrentQueue<OperatorCall> _calls = new();
    private readonly CancellationTokenSource _end = new();
    private Task _working = Task.CompletedTask;
    private volatile string _last = "";

    public IReadOnlyCollection<OperatorCall> Calls => _calls;

    public async Task StartAsync()
    {
        var map = await _http.GetFromJsonAsync(Routes.Map, ApiJson.Default.FleetMap, _end.Token);
        _working = RunAsync(map!.Services[new ServiceName("web")]);
    }

    /// <summary>Returns when something that was asked for since then is acknowledged.</summary>
    public async Task AcknowledgedAsync(Instant since)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (; !_calls.Any(call => call.Sent >= since && call.Version is not null); await Task.Delay(5))
            patience.IsCancellationRequested.ShouldBeFalse($"nothing is acknowledged; the last answer was {_last}");
    }

    /// <summary>The longest time, beginning in a window, in which nothing was acknowledged.</summary>
    public TimeSpan LongestGap(Instant from, Instant until)
    {
        var times = _calls.Where(call => call.Version is not null && call.Done >= from && call.Done <= until).Select(call => call.Done).Order();
        var (last, longest) = (from, TimeSpan.Zero);
        foreach (var time in times.Append(until))
            (last, longest) = (time, time - last > longest ? time - last : longest);
        return longest;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync(Service service)
    {
        while (!_end.IsCancellationRequested)
        {
            service = service with { DemandBps = service.DemandBps is >= DemandMin and < DemandMax ? service.DemandBps + 1 : DemandMin };
            var sent = clock.Now;
            MapVersion? version = null;
            try
            {
                using var answer = await _http.PutAsJsonAsync(Routes.Service("web"), service, ApiJson.Default.Service, _end.Token);
                _last = await answer.Content.ReadAsStringAsync(_end.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                    version = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.CommandView, _end.Token))!.Version;
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or IOException or OperationCanceledException)
            {
                _last = e.Message; // Nobody leads, or whoever was asked has died.
            }

            _calls.Enqueue(new OperatorCall(sent, clock.Now, version));
            await Task.Delay(Pause, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
