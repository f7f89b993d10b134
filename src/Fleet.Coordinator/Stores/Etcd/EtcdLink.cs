using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>One request to one member, over HTTP. Everything that goes wrong is an <see cref="EtcdException"/> that says what is known.</summary>
internal sealed class EtcdLink : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly string _scheme;
    private readonly TimeProvider _time;

    public EtcdLink(EtcdSettings settings, IDisk disk, TimeProvider time)
    {
        _time = time;
        _scheme = settings.CaFile is null ? "http" : "https";
        var handler = new SocketsHttpHandler
        {
            // Less than an attempt: a connection that does not come about is surely no request, a time-out says nothing.
            ConnectTimeout = settings.AttemptTimeout * 0.8,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        if (settings.CaFile is not null)
            handler.SslOptions = EtcdTls.Options(settings, disk);
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task<TAnswer> AskAsync<TAnswer>(
        IPEndPoint member, EtcdRequest request, string? token, JsonTypeInfo<TAnswer> answer, TimeSpan within, CancellationToken cancellation)
    {
        using var bound = new Deadline(_time, within, cancellation);
        try
        {
            using var response = await _http.SendAsync(Message(member, request, token), bound.Token);
            var octets = await response.Content.ReadAsByteArrayAsync(bound.Token);
            if (!response.IsSuccessStatusCode)
                throw EtcdErrors.Read($"{member}", (int)response.StatusCode, Error(octets));
            return JsonSerializer.Deserialize(octets, answer) ?? throw new JsonException("null");
        }
        catch (Exception e) when (IsOfTheWire(e, cancellation))
        {
            throw Explain(e, member, within);
        }
    }

    /// <summary>The answer as it comes, for as long as it comes.</summary>
    public async Task<Stream> OpenAsync(IPEndPoint member, EtcdRequest request, string? token, TimeSpan within, CancellationToken cancellation)
    {
        var bound = new Deadline(_time, within, cancellation);
        try
        {
            var message = Message(member, request, token);
            // A member that has lost the others ends the stream, instead of saying nothing for ever.
            message.Headers.TryAddWithoutValidation("Grpc-Metadata-hasleader", "true");
            var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, bound.Token);
            if (!response.IsSuccessStatusCode)
                throw EtcdErrors.Read($"{member}", (int)response.StatusCode, Error(await response.Content.ReadAsByteArrayAsync(bound.Token)));
            return await response.Content.ReadAsStreamAsync(bound.Token);
        }
        catch (Exception e) when (IsOfTheWire(e, cancellation))
        {
            throw Explain(e, member, within);
        }
        finally
        {
            bound.Dispose();
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Message(IPEndPoint member, EtcdRequest request, string? token)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri($"{_scheme}://{member}{request.Path}"))
        {
            Content = new ByteArrayContent(request.Body) { Headers = { ContentType = Json } },
        };
        if (token is not null)
            message.Headers.TryAddWithoutValidation("Authorization", token);
        return message;
    }

    private static bool IsOfTheWire(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static EtcdException Explain(Exception e, IPEndPoint member, TimeSpan within) => e switch
    {
        OperationCanceledException => new EtcdException(EtcdFailure.Unknown, $"{member} has not answered within {within.TotalMilliseconds:0} ms", e),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new EtcdException(EtcdFailure.NotSent, $"{member} and this coordinator do not agree on TLS: {e.InnerException?.Message ?? e.Message}", e),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            new EtcdException(EtcdFailure.NotSent, $"{member} cannot be reached: {e.InnerException?.Message ?? e.Message}", e),
        JsonException => new EtcdException(EtcdFailure.Unknown, $"{member} does not answer as etcd does", e),
        _ => new EtcdException(EtcdFailure.Unknown, $"the connection to {member} broke: {e.Message}", e),
    };

    private static ErrorAnswer? Error(byte[] octets)
    {
        try
        {
            return JsonSerializer.Deserialize(octets, EtcdJson.Default.ErrorAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
