using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Fleet.Demo.Clients;
using Fleet.Demo.Processes;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>The coordinators of a living fleet, each asked by itself: one that was stopped must not hold up a test that asks another.</summary>
internal sealed class CoordinatorSet : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HeardWithin = TimeSpan.FromSeconds(1);

    private readonly LivingFleet _fleet;
    private readonly ImmutableArray<HttpClient> _http;

    public CoordinatorSet(LivingFleet fleet)
    {
        _fleet = fleet;
        _http =
        [
            .. fleet.Processes.Api.Coordinators.Select(url => new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
            {
                BaseAddress = url,
                Timeout = TimeSpan.FromSeconds(8),
            }),
        ];
    }

    public int Count => _http.Length;

    /// <summary>For requests that follow no redirect.</summary>
    /// <param name="number">From 1 on.</param>
    public HttpClient Http(int number) => _http[number - 1];

    public IPEndPoint Endpoint(int number) => IPEndPoint.Parse(Http(number).BaseAddress!.Authority);

    public ChildProcess Process(int number) => _fleet.Processes.Coordinators[number - 1];

    /// <summary>One leads, the others follow and have all of the journal; whoever has ended is started, as a unit of systemd does.</summary>
    /// <returns>The number of the one that leads.</returns>
    public async Task<int> BeWellAsync()
    {
        using var patience = new CancellationTokenSource(LivingFleet.Patience);
        ImmutableArray<CoordinatorView>? last = null;
        for (; ; await Task.Delay(LookEvery))
        {
            patience.IsCancellationRequested.ShouldBeFalse(
                $"one leads and {Count - 1} follow: {(last is { } seen ? string.Join(", ", seen) : "no answer")}\n{_fleet.LogsOf("coordinator")}");
            await RestartAsync();
            if ((last = await ViewAsync()) is not { } all)
                continue;
            var standbys = all.Count(each => each is { Role: CoordinatorView.StandingBy, Lag: 0 } && each.HeardMs < HeardWithin.TotalMilliseconds);
            if (standbys == Count - 1 && all.FirstOrDefault(each => each.Role == CoordinatorView.Leading) is { } leader)
                return int.Parse(leader.Name[^1..], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Waits until any of them has a map of a newer term: its leader has written it to the store then.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> NextTermAsync(long term, Instant since, params int[] ask)
    {
        using var patience = new CancellationTokenSource(LivingFleet.Patience);
        while (true)
        {
            foreach (var number in ask)
            {
                if (await TermAsync(number) > term)
                    return _fleet.Clock.Now - since;
            }

            patience.IsCancellationRequested.ShouldBeFalse($"Nobody leads.\n{_fleet.Logs()}");
            await Task.Delay(LookEvery);
        }
    }

    public int[] Others(int number) => [.. Enumerable.Range(1, Count).Where(each => each != number)];

    public void Dispose()
    {
        foreach (var http in _http)
            http.Dispose();
    }

    private async Task RestartAsync()
    {
        for (var number = 1; number <= Count; number++)
        {
            if (!Process(number).HasExited)
                continue;
            await Process(number).DisposeAsync();
            _fleet.Processes.StartCoordinator(number);
        }
    }

    private async Task<ImmutableArray<CoordinatorView>?> ViewAsync()
    {
        foreach (var http in _http)
        {
            using var brief = new CancellationTokenSource(AnswersWithin);
            try
            {
                return await http.GetFromJsonAsync(Routes.Coordinators, ApiJson.Default.ImmutableArrayCoordinatorView, brief.Token);
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or JsonException or OperationCanceledException)
            {
                // It is down, or nobody leads.
            }
        }

        return null;
    }

    /// <summary>Of the map that it has; 0 when it does not answer.</summary>
    private async Task<long> TermAsync(int number)
    {
        using var brief = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        try
        {
            using var answer = await Http(number).GetAsync(Routes.Map, brief.Token);
            return answer.Headers.TryGetValues(Routes.VersionHeader, out var version)
                ? long.Parse(version.First().Split('.')[0], CultureInfo.InvariantCulture)
                : 0;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException)
        {
            return 0;
        }
    }
}
