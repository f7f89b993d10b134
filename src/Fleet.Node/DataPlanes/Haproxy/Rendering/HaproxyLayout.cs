using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Node.Core;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Haproxy.Rendering;

/// <summary>
/// A plan laid out over what HAProxy has: frontends by port, maps from destination address to backend section, sections, and servers in them. It is
/// the whole truth about a configuration; what the loaded layout has that the wanted one keeps can stay loaded (<see cref="PlaneChange"/>).
/// </summary>
internal sealed record HaproxyLayout
{
    public static readonly HaproxyLayout Empty = new();

    /// <summary>Of the states; what HAProxy is to say that it carries.</summary>
    public PlanGeneration Generation { get; init; }

    /// <summary>Of the plan that the states were made for.</summary>
    public PlanGeneration Plan { get; init; }

    /// <summary>Sorted by port, then protocol.</summary>
    public ImmutableArray<HaproxyPort> Ports { get; init; } = [];

    public ImmutableArray<HaproxySection> Sections { get; init; } = [];

    public ImmutableSortedSet<VipAddress> Draining { get; init; } = [];
}

/// <summary>A frontend, and which section the connections to each VIP go to.</summary>
/// <param name="OnVips">
/// It listens on its VIPs one by one: another frontend has this port on all addresses, because another service speaks another protocol there.
/// </param>
internal sealed record HaproxyPort(
    int Port, ListenerProtocol Protocol, bool OnVips, ImmutableSortedDictionary<VipAddress, string> Sections)
{
    [JsonIgnore]
    public string Name => $"{(Protocol == ListenerProtocol.Http ? "http" : "tcp")}-{Port}";

    [JsonIgnore]
    public string MapFile => $"{Name}.map";

    /// <summary>Both are the same listener.</summary>
    public bool ListensAs(HaproxyPort other) =>
        Port == other.Port && Protocol == other.Protocol && OnVips == other.OnVips && (!OnVips || Sections.Keys.SequenceEqual(other.Sections.Keys));
}

/// <summary>What cannot change in a section while it is loaded.</summary>
internal readonly record struct SectionKind(ListenerProtocol Protocol, BalancePolicy Balance, bool ProxyProtocol);

/// <summary>A backend section; a spare one has no service.</summary>
internal sealed record HaproxySection(string Name, SectionKind Kind, ServiceName? Service, ImmutableArray<HaproxySlot> Slots);

/// <summary>
/// A server of a section. It keeps its backend for as long as it is loaded, also when the plan has dropped that backend: HAProxy's clients keep
/// connections to it (<c>http-reuse never</c>) and would go on using them for a backend that came into its place.
/// </summary>
/// <param name="Id">Where the backend stands on the ring of <c>hash-type consistent</c>: the same on every node.</param>
/// <param name="Weight">1 to 256; 0 takes no connections.</param>
/// <param name="IsRetired">Its backend is not in the plan.</param>
internal sealed record HaproxySlot(string Name, int Id, BackendServer Server, int Weight, bool IsRetired = false);
