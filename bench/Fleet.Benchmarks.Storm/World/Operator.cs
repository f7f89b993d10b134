using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using Fleet.Benchmarks.Storm.Faults;
using Fleet.Benchmarks.Storm.Judging;
using Fleet.Demo.Clients;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>Gives commands, right ones and wrong ones, and writes down what was answered.</summary>
/// <param name="web">The service that is always there, after which others are made.</param>
/// <param name="extras">VIPs of their own for each of them.</param>
internal sealed class Operator(
    FleetApi api, CommandBook book, Service web, IReadOnlyDictionary<string, ImmutableArray<VipAddress>> extras, StormLog log) : IDisposable
{
    private const long DemandMin = 1_000_000;

    private readonly HttpClient _http = new() { BaseAddress = api.Url, Timeout = TimeSpan.FromSeconds(5) };
    private long _version = DemandMin;

    /// <summary>Wrong commands that were carried out.</summary>
    public ImmutableArray<string> TakenWrongs { get; private set; } = [];

    public static string NodeKey(string node) => $"node {node}";

    public static string ServiceKey(string service) => $"service {service}";

    /// <summary>What the book speaks of, as a map has it.</summary>
    public static IReadOnlyDictionary<string, string> Found(FleetMap map) => map.Nodes.Values
        .Select(node => KeyValuePair.Create(NodeKey(node.Name.Value), Word(node.Intent)))
        .Concat(map.Services.Values.Select(service => KeyValuePair.Create(ServiceKey(service.Name.Value), $"{service.DemandBps}")))
        .ToDictionary();

    public static string Word(NodeIntent intent) => intent.ToString().ToLowerInvariant();

    /// <summary>Acknowledged commands that this map knows nothing of.</summary>
    public ImmutableArray<LostCommand> Check(FleetMap map) => book.Check(Found(map));

    public Task OrderAsync(Fault.Order order, CancellationToken cancellation) => order.Verb switch
    {
        Verb.Drain => IntendAsync(order.Target, NodeVerbs.Drain, NodeIntent.Draining, cancellation),
        Verb.Cordon => IntendAsync(order.Target, NodeVerbs.Cordon, NodeIntent.Cordoned, cancellation),
        Verb.Apply => ApplyAsync(order.Target, cancellation),
        Verb.Remove => RemoveAsync(order.Target, cancellation),
        _ => WrongAsync(int.Parse(order.Target, System.Globalization.CultureInfo.InvariantCulture), cancellation),
    };

    /// <summary>Also forgives a node that it was lost.</summary>
    public Task<bool> UndrainAsync(string node, CancellationToken cancellation) =>
        IntendAsync(node, NodeVerbs.Undrain, NodeIntent.Active, cancellation);

    public Task<bool> LeaveAsync(string node, CancellationToken cancellation) =>
        GiveAsync(NodeKey(node), () => api.PostAsync(node, NodeVerbs.Leave, cancellation), cancellation, Word(NodeIntent.Leaving), CommandBook.Gone);

    public Task<bool> RemoveAsync(string service, CancellationToken cancellation) =>
        GiveAsync(ServiceKey(service), () => api.RemoveServiceAsync(service, cancellation), cancellation, CommandBook.Gone);

    public void Dispose() => _http.Dispose();

    private Task<bool> IntendAsync(string node, string verb, NodeIntent intent, CancellationToken cancellation) =>
        GiveAsync(NodeKey(node), () => api.PostAsync(node, verb, cancellation), cancellation, Word(intent));

    /// <summary>The declared demand tells one version of a service from the next.</summary>
    private Task<bool> ApplyAsync(string service, CancellationToken cancellation)
    {
        var wanted = web with { Name = ServiceName.Parse(service), Vips = extras[service], DemandBps = ++_version };
        return GiveAsync(ServiceKey(service), () => api.PutAsync(wanted, cancellation), cancellation, $"{wanted.DemandBps}");
    }

    /// <summary>Returns whether it was acknowledged. A target whose state is in doubt is left alone.</summary>
    private async Task<bool> GiveAsync(string key, Func<Task<HttpResponseMessage>> send, CancellationToken cancellation, params string[] wanted)
    {
        if (book.IsOpen(key))
            return false;
        var (status, word) = await SendAsync(send, cancellation);
        log.Write($"command {key} to be {string.Join(" or ", wanted)}: {word}");
        if (status is >= 200 and < 300)
            book.Acknowledge(key, wanted);
        else if (status is null)
            book.Doubt(key, wanted);
        return status is >= 200 and < 300;
    }

    private async Task WrongAsync(int which, CancellationToken cancellation)
    {
        var (what, send) = Wrong(which);
        var (status, word) = await SendAsync(() => send(cancellation), cancellation);
        log.Write($"wrong command, {what}: {word}");
        if (status is >= 200 and < 300)
            TakenWrongs = TakenWrongs.Add($"{what} was answered {word}");
    }

    private (string What, Func<CancellationToken, Task<HttpResponseMessage>> Send) Wrong(int which) => which switch
    {
        0 => ("drain of a node that is not there", end => api.PostAsync("nobody", NodeVerbs.Drain, end)),
        1 => ("removal of a service that is not there", end => api.RemoveServiceAsync("nothing", end)),
        2 => ("a service with the VIPs of another", end => api.PutAsync(web with { Name = ServiceName.Parse("thief") }, end)),
        3 => ("half a service", end => PutAsync("half", """{"name":"half","vips":["127.0""", end)),
        _ => ("a service of which nothing is right", end => PutAsync(
            "bad", """{"name":"bad","vips":["0.0.0.0"],"listeners":[{"port":70000,"protocol":"tcp"}],"pool":{"backends":[]}}""", end)),
    };

    private Task<HttpResponseMessage> PutAsync(string service, string text, CancellationToken cancellation) =>
        _http.PutAsync(new Uri(Routes.Service(service), UriKind.Relative), new StringContent(text, Encoding.UTF8, "application/json"), cancellation);

    /// <summary>Null is an outcome that is not known.</summary>
    private static async Task<(int? Status, string Word)> SendAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellation)
    {
        try
        {
            using var answer = await send();
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            var status = (int)answer.StatusCode;
            var isKnown = answer.StatusCode < HttpStatusCode.InternalServerError || IsUnchanged(text);
            return isKnown ? (status, $"{status}") : (null, $"{status}, outcome unknown");
        }
        catch (Exception e) when (Silence.Is(e, cancellation))
        {
            return (null, $"no answer ({e.GetType().Name})");
        }
    }

    private static bool IsUnchanged(string problem)
    {
        try
        {
            using var json = JsonDocument.Parse(problem);
            return json.RootElement.TryGetProperty(Outcomes.Member, out var outcome) && outcome.GetString() == Outcomes.Unchanged;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
