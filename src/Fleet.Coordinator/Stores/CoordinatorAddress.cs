using System.Net;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Stores;

/// <summary>A coordinator as the others know it: what a store keeps about the leader, so that followers can send nodes and people there.</summary>
/// <param name="Link">Where it takes the nodes' links; null when there is no address to tell others.</param>
/// <param name="Api">The URL of its REST API, without a path; null likewise.</param>
internal sealed record CoordinatorAddress(string Name, LinkAddress? Link, string? Api)
{
    /// <summary>One listener serves both. If it listens on every address, or on any port, there is no address to tell others.</summary>
    public static CoordinatorAddress At(string name, IPEndPoint listen) =>
        listen.Port == 0 || listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any)
            ? new CoordinatorAddress(name, null, null)
            : new CoordinatorAddress(name, new LinkAddress(LinkTransport.Ws, listen), $"http://{listen}");

    /// <summary>For people.</summary>
    public override string ToString() => Link is null ? Name : $"{Name}@{Link.Endpoint}";
}
