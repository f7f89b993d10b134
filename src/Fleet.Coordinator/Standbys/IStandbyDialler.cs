using System.Net.WebSockets;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Standbys;

/// <summary>Makes the connections of a standby to the leader.</summary>
internal interface IStandbyDialler
{
    /// <summary>A WebSocket to the leader there, connected; it belongs to the caller.</summary>
    /// <param name="leader">Where it takes links of nodes: those of standbys come to the same listener.</param>
    /// <exception cref="NobodyListensException">The host is there and no process of it listens at that address: who did is gone.</exception>
    /// <exception cref="WebSocketException">Nobody answers there, or not as a leader does.</exception>
    Task<WebSocket> DialAsync(LinkAddress leader, CancellationToken cancellation);
}

/// <summary>A host has answered that no process of it listens there.</summary>
internal sealed class NobodyListensException(LinkAddress where, Exception? inner = null) : Exception($"Nobody listens at {where}.", inner);
