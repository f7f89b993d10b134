using System.Net;
using System.Text.Json.Serialization;

namespace Fleet.Shared.Model;

/// <summary>What a node says of itself when it joins.</summary>
/// <param name="CapacityBps">What it can carry, bit/s: its declared share where it is not alone on its host.</param>
/// <param name="WitnessAddress">Where its peers send witness probes (UDP).</param>
/// <param name="DnsAddress">Where it answers DNS (UDP and TCP).</param>
/// <param name="ApiAddress">Where its own status can be read (HTTP).</param>
/// <param name="ConnectionsMax">New connections per second it can take, its share as with the capacity; 0 is unbounded.</param>
/// <param name="Segment">The layer-2 segment its VIPs can be announced in; null fits only services that ask for none.</param>
/// <param name="Host">
/// Which host it is on: drawn once and kept in the agent's folder. It tells an agent that was started anew from another host that took its name.
/// </param>
public sealed record NodeFacts(
    NodeName Name,
    SiteName Site,
    DomainName Domain,
    long CapacityBps,
    [property: JsonConverter(typeof(EndpointJson))] IPEndPoint WitnessAddress,
    [property: JsonConverter(typeof(EndpointJson))] IPEndPoint DnsAddress,
    [property: JsonConverter(typeof(EndpointJson))] IPEndPoint ApiAddress,
    int ConnectionsMax = 0,
    string? Segment = null,
    string? Host = null);
