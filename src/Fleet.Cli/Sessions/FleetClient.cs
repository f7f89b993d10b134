using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.Cli.Sessions;

/// <summary>
/// The fleet's API from outside. Every bad answer, and every answer that does not come from a fleet, becomes a <see cref="PbmException"/>.
/// </summary>
internal sealed class FleetClient(IReadOnlyList<Uri> urls, TimeSpan timeout, string? actor) : IDisposable
{
    private readonly Reach _reach = new(urls, timeout);

    public void Dispose() => _reach.Dispose();

    public async Task<Document<T>> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) =>
        Read(await SendAsync(new Call(HttpMethod.Get, path), cancel), type);

    /// <summary>Carries out a command, on condition that the fleet is still at <paramref name="onlyAt"/> where that is given.</summary>
    public async Task<Document<CommandView>> CommandAsync(
        HttpMethod method, string path, MapVersion? onlyAt, string? body, CancellationToken cancel) =>
        Read(await SendAsync(new Call(method, path, onlyAt, body, actor), cancel), ApiJson.Default.CommandView);

    /// <summary>Asks for work that changes nothing of the fleet, and is answered with how far that is.</summary>
    public async Task<Document<T>> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) =>
        Read(await SendAsync(new Call(HttpMethod.Post, path, Actor: actor), cancel), type);

    /// <summary>
    /// The events as they happen. Ends when the server ends the stream; fails with <see cref="IOException"/> or <see cref="HttpRequestException"/>.
    /// </summary>
    public async IAsyncEnumerable<Document<EventView>> EventsAsync(long? from, [EnumeratorCancellation] CancellationToken cancel)
    {
        var call = new Call(HttpMethod.Get, from is null ? Routes.EventStream : $"{Routes.EventStream}?from={from}");
        using var response = await _reach.AskAsync(call, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
            throw Refusal(new Answer(response.RequestMessage!.RequestUri!, response.StatusCode, await response.Content.ReadAsStringAsync(cancel)));
        var url = response.RequestMessage!.RequestUri!;
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(cancel)).EnumerateAsync(cancel))
            yield return Read(new Answer(url, HttpStatusCode.OK, item.Data), ApiJson.Default.EventView);
    }

    private async Task<Answer> SendAsync(Call call, CancellationToken cancel)
    {
        using var response = await _reach.AskAsync(call, HttpCompletionOption.ResponseContentRead, cancel);
        var answer = new Answer(response.RequestMessage!.RequestUri!, response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
        return response.IsSuccessStatusCode ? answer : throw Refusal(answer);
    }

    private static PbmException Refusal(Answer answer)
    {
        var problem = Problem.Read(answer.Body) is null ? null : answer.Body;
        var code = answer.Status switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => ExitCode.Usage,
            < HttpStatusCode.InternalServerError => ExitCode.Refused,
            _ => ExitCode.Unreachable,
        };
        return new PbmException(code, Problem.Sentence(answer.Status, answer.Body), problem);
    }

    private static Document<T> Read<T>(Answer answer, JsonTypeInfo<T> type)
    {
        try
        {
            return new(JsonSerializer.Deserialize(answer.Body, type)!, JsonNode.Parse(answer.Body)!);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw PbmException.Unreachable($"{answer.Url.Show()} did not answer as a fleet's API does: {e.Message}");
        }
    }

    private sealed record Answer(Uri Url, HttpStatusCode Status, string Body);
}
