using System.Net;
using System.Net.WebSockets;

namespace Fleet.Node.Control;

/// <summary>Makes the connections of a node's link over one transport.</summary>
internal interface IDialler
{
    /// <summary>A WebSocket to the coordinator there, connected; it belongs to the caller.</summary>
    /// <exception cref="WebSocketException">Nobody answers there, or not as a coordinator does.</exception>
    Task<WebSocket> DialAsync(IPEndPoint coordinator, CancellationToken cancellation);
}
