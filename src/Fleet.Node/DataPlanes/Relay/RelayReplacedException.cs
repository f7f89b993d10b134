namespace Fleet.Node.DataPlanes.Relay;

/// <summary>The relay obeys another agent of this node now: this one has nothing to hold VIPs with and must end.</summary>
internal sealed class RelayReplacedException(Exception? inner = null) : Exception("Another agent has taken over this node's relay.", inner);
