using System.Collections.Immutable;
using System.Net.Sockets;

namespace Fleet.Demo.Clients;

/// <summary>
/// Sends a request to a coordinator that answers: one that refuses the connection has not seen the request, and the next is asked. It stays with the
/// one that answered. Requests to others, such as nodes, pass unchanged.
/// </summary>
/// <param name="network">How they are reached; null is the host's own network.</param>
internal sealed class AnyCoordinator(ImmutableArray<Uri> coordinators, HttpMessageHandler? network = null)
    : DelegatingHandler(network ?? new SocketsHttpHandler())
{
    private volatile int _current;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } asked || !coordinators.Any(each => each.Authority == asked.Authority))
            return await base.SendAsync(request, cancellationToken);
        for (var left = coordinators.Length; ; left--)
        {
            var current = _current;
            request.RequestUri = new Uri(coordinators[current], asked.PathAndQuery);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException e) when (left > 1 && e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                _current = (current + 1) % coordinators.Length;
            }
        }
    }
}
