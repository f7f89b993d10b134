using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Fleet.Demo.Servers;

/// <summary>What tests and the demo ask of an etcd cluster beside the store, by the JSON gateway.</summary>
internal sealed class EtcdAdmin : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _scheme;

    public EtcdAdmin(EtcdCertificates? certificates)
    {
        _scheme = certificates is null ? "http" : "https";
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMilliseconds(500) };
        if (certificates is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None;
            handler.SslOptions.ClientCertificates =
                [X509Certificate2.CreateFromPemFile(certificates.ClientFile, certificates.ClientKeyFile)];
        }

        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(2) };
    }

    /// <summary>It answers, and has a raft leader.</summary>
    public async Task<bool> IsHealthyAsync(EtcdMember member, CancellationToken cancellation)
    {
        try
        {
            return (await _http.GetStringAsync(Url(member, "/health"), cancellation)).Contains("\"true\"", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>One call; numbers of 64 bits are strings in the answer, keys and values base64.</summary>
    public async Task<JsonNode> CallAsync(EtcdMember member, string path, JsonObject body, CancellationToken cancellation)
    {
        using var response = await _http.PostAsJsonAsync(Url(member, path), body, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{member.Name} {path}: {(int)response.StatusCode} {text}");
    }

    public void Dispose() => _http.Dispose();

    private Uri Url(EtcdMember member, string path) => new($"{_scheme}://{member.Endpoint}{path}");
}
