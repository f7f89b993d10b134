using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Fleet.Shared.Api;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing.Linearizability;

namespace Fleet.EndToEnd.Tests;

/// <summary>An operator over REST whose every command and read is written down with what came back.</summary>
internal sealed class RecordingOperator(string name, Recorder recorder)
{
    private Token? _open;

    /// <summary>The last version it was told.</summary>
    public MapVersion Version { get; private set; }

    /// <summary>Reads the whole map; false when no answer came.</summary>
    public Task<bool> ReadAsync(HttpClient http) => CallAsync(Operation.Read, async () =>
    {
        using var answer = await http.GetAsync(Routes.Map);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var map = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.FleetMap)).ShouldNotBeNull();
        Version = map.Version;
        return new Outcome.Saw(Observation.From(map, Digest));
    });

    public Task<bool> ApplyAsync(HttpClient http, Service service, MapVersion? ifVersion) =>
        CallAsync(Operation.Apply(service.Name, Digest(service), ifVersion), () =>
        {
            var body = JsonContent.Create(service, ApiJson.Default.Service);
            return AskAsync(http, new HttpRequestMessage(HttpMethod.Put, Routes.Service(service.Name.Value)) { Content = body }, ifVersion);
        });

    public Task<bool> RemoveAsync(HttpClient http, ServiceName service, MapVersion? ifVersion) =>
        CallAsync(Operation.Remove(service, ifVersion), () =>
            AskAsync(http, new HttpRequestMessage(HttpMethod.Delete, Routes.Service(service.Value)), ifVersion));

    /// <summary>Whoever could have carried out what is still unanswered is dead.</summary>
    public void GiveUp()
    {
        if (_open is { } token)
            recorder.Unknown(token, MonotonicClock.System.Now.Micros);
        _open = null;
    }

    /// <summary>The declared demand tells one version of a service from the next.</summary>
    private static string Digest(Service service) => $"{service.DemandBps}";

    /// <summary>A call whose answer never came stays open until <see cref="GiveUp"/>.</summary>
    private async Task<bool> CallAsync(Operation operation, Func<Task<Outcome>> ask)
    {
        var token = recorder.Invoke(name, operation, MonotonicClock.System.Now.Micros);
        _open = token;
        try
        {
            var outcome = await ask();
            recorder.Return(token, outcome, MonotonicClock.System.Now.Micros);
            _open = null;
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException or IOException)
        {
            return false;
        }
    }

    private async Task<Outcome> AskAsync(HttpClient http, HttpRequestMessage request, MapVersion? ifVersion)
    {
        using var sent = request;
        if (ifVersion is { } version)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        using var answer = await http.SendAsync(request);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            var view = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.CommandView)).ShouldNotBeNull();
            Version = view.Version;
            return new Outcome.Done(view.Version, view.Changed);
        }

        var text = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode switch
        {
            HttpStatusCode.NotFound => new Outcome.Refused(Refusal.NotThere),
            HttpStatusCode.PreconditionFailed when ifVersion is not null => new Outcome.Refused(Refusal.Stale),
            _ => throw new ShouldAssertException($"{request.Method} {request.RequestUri}: {(int)answer.StatusCode} {text}"),
        };
    }
}
