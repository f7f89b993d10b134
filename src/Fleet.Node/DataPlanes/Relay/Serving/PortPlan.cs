using Fleet.Node.DataPlanes.Relay.Balancing;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>What one port of one VIP does with a connection.</summary>
internal sealed record PortPlan(BackendPool Pool, ListenerProtocol Protocol, bool ProxyProtocol);
