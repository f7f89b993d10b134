using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Benchmarks.Faults.Judging;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing.Linearizability;

namespace Fleet.Benchmarks.Faults.World;

/// <summary>
/// An operator who changes and reads the same few services as all the others, at whichever coordinator leads, and of whom everything asked and told
/// is written down. Whoever got no answer goes on under another name: the outcome stays open until nobody can bring it about any more.
/// </summary>
internal sealed class Caller(int number, int seed, IReadOnlyList<Coordinator> coordinators, Recorder recorder, Sightings sightings) : IDisposable
{
    private const int Services = 12;
    private const int PauseMsMax = 40;

    private readonly Random _chance = new(seed + number);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromMilliseconds(300) })
    {
        Timeout = TimeSpan.FromSeconds(2),
    };

    private readonly List<Doubt> _doubts = [];
    private MapVersion _version;
    private Coordinator _current = coordinators[number % coordinators.Count];
    private int _names;
    private int _demand;

    /// <summary>Commands that were acknowledged.</summary>
    public int Done { get; private set; }

    /// <summary>Commands of which nobody told what came.</summary>
    public int Unknown { get; private set; }

    /// <summary>Commands that would have broken the protection.</summary>
    public int Refused { get; private set; }

    /// <summary>What no coordinator may answer.</summary>
    public List<string> Wrong { get; } = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            if (_chance.Next(3) == 0)
                await ReadAsync();
            else
                await ChangeAsync();
            Settle();
            await Task.Delay(_chance.Next(PauseMsMax), CancellationToken.None);
        }
    }

    /// <summary>Whether a read at the leader succeeded: what is true at the end.</summary>
    public async Task<bool> ReadAsync()
    {
        var outcome = await CallAsync(Operation.Read, () => new HttpRequestMessage(HttpMethod.Get, new Uri(_current.Url, Routes.Map)));
        return outcome is Outcome.Saw;
    }

    /// <summary>Closes what was open, as far as that can be known.</summary>
    public void Settle()
    {
        _doubts.RemoveAll(doubt =>
        {
            var (life, since) = doubt.Asked.Life;
            if (life == doubt.Life || sightings.FirstAskedAfter(since) is not { } until)
                return false;
            recorder.Unknown(doubt.Token, until.Micros);
            return true;
        });
    }

    public void Dispose() => _http.Dispose();

    private Task<Outcome?> ChangeAsync()
    {
        var service = ServiceName.Parse($"s-{_chance.Next(Services)}");
        MapVersion? ifVersion = _chance.Next(2) == 0 ? _version : null;
        if (_chance.Next(4) == 0)
            return CallAsync(Operation.Remove(service, ifVersion), () => Request(HttpMethod.Delete, service, ifVersion));
        var wanted = Make(service);
        return CallAsync(Operation.Apply(service, Digest(wanted), ifVersion), () =>
        {
            var request = Request(HttpMethod.Put, service, ifVersion);
            request.Content = JsonContent.Create(wanted, ApiJson.Default.Service);
            return request;
        });
    }

    private async Task<Outcome?> CallAsync(Operation operation, Func<HttpRequestMessage> make)
    {
        var (asked, life) = (_current, _current.Life.Life);
        var at = MonotonicClock.System.Now;
        var token = recorder.Invoke($"caller-{number}.{_names}", operation, at.Micros);
        try
        {
            using var request = make();
            using var answer = await _http.SendAsync(request);
            var outcome = await OutcomeAsync(operation, answer);
            if (outcome is not Outcome.Unknown)
            {
                var now = MonotonicClock.System.Now;
                recorder.Return(token, outcome, now.Micros);
                Count(outcome, new Acknowledgement(asked.Number, outcome.At?.Term ?? 0, at, now));
                return outcome;
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or JsonException)
        {
            GoOn();
        }

        _doubts.Add(new Doubt(token, asked, life));
        _names++;
        Unknown += operation is Operation.Change ? 1 : 0;
        return null;
    }

    private void Count(Outcome outcome, Acknowledgement acknowledgement)
    {
        if (outcome.At is not { } version)
            return;
        _version = version;
        Done += outcome is Outcome.Done ? 1 : 0;
        sightings.Add(acknowledgement);
    }

    /// <summary>What a coordinator that does not lead says changes nothing, and what it shows is not what is asked for here.</summary>
    private async Task<Outcome> OutcomeAsync(Operation operation, HttpResponseMessage answer)
    {
        var nothing = new Outcome.Refused(Refusal.Rule);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.OK when operation is Operation.Look:
                if (answer.Headers.Contains(Routes.ObservedHeader))
                {
                    GoOn();
                    return nothing;
                }

                var map = await answer.Content.ReadFromJsonAsync(ApiJson.Default.FleetMap) ?? FleetMap.Empty;
                return new Outcome.Saw(Observation.From(map, Digest));
            case HttpStatusCode.OK:
                var view = await answer.Content.ReadFromJsonAsync(ApiJson.Default.CommandView) ?? throw new JsonException("Nothing.");
                return new Outcome.Done(view.Version, view.Changed);
            case HttpStatusCode.NotFound:
                return new Outcome.Refused(Refusal.NotThere);
            case HttpStatusCode.Conflict:
                Refused++;
                return nothing;
            case HttpStatusCode.PreconditionFailed:
                return new Outcome.Refused(Refusal.Stale);
            case HttpStatusCode.TemporaryRedirect:
                _current = coordinators.FirstOrDefault(each => each.Url.Authority == answer.Headers.Location?.Authority) ?? _current;
                return nothing;
            case HttpStatusCode.ServiceUnavailable:
                GoOn();
                return IsUnchanged(await answer.Content.ReadAsStringAsync()) ? nothing : new Outcome.Unknown();
            default:
                Wrong.Add($"{operation}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                return new Outcome.Unknown();
        }
    }

    private void GoOn() => _current = coordinators[_chance.Next(coordinators.Count)];

    private static bool IsUnchanged(string problem)
    {
        using var json = JsonDocument.Parse(problem);
        return json.RootElement.TryGetProperty(Outcomes.Member, out var outcome) && outcome.GetString() == Outcomes.Unchanged;
    }

    private HttpRequestMessage Request(HttpMethod method, ServiceName service, MapVersion? ifVersion)
    {
        var request = new HttpRequestMessage(method, new Uri(_current.Url, Routes.Service(service.Value)));
        if (ifVersion is { } version)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return request;
    }

    /// <summary>The declared demand tells one version of a service from the next.</summary>
    private Service Make(ServiceName service) => new()
    {
        Name = service,
        Listeners = [new Listener(80, ListenerProtocol.Tcp)],
        Vips = [VipAddress.Parse($"127.200.0.{int.Parse(service.Value[2..], System.Globalization.CultureInfo.InvariantCulture) + 1}")],
        DemandBps = (number * 1_000_000L) + ++_demand,
        Pool = new Pool(
            [new Backend("b1", new IPEndPoint(IPAddress.Loopback, 9))], CheckSpec.Default, BalancePolicy.RoundRobin, AllDown.FailClosed, false),
    };

    private static string Digest(Service service) => $"{service.DemandBps}";

    /// <param name="Life">Of whom it was asked: the outcome stays open while that process lives.</param>
    private sealed record Doubt(Token Token, Coordinator Asked, int Life);
}
