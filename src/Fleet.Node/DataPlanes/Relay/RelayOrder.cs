using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Node.Core;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>What VIPs the relay is to hold, and the moment on this host's monotonic clock when it lets go of them by itself.</summary>
/// <param name="Vips">
/// Null in a renewal: those of the order before. A lease is renewed twenty times a second, and a node may have thousands of VIPs.
/// </param>
/// <param name="FreeBind">
/// The VIPs need not be addresses of this host yet: the relay listens first, and another holder adds and announces them after.
/// </param>
internal sealed record RelayHold(ImmutableSortedSet<VipAddress>? Vips, long LeaseEndMicros, bool FreeBind = false);

/// <summary>
/// Desired state, from the agent: what is null stays as it was, everything else is now exactly so. The same order twice changes nothing. No order
/// carries a choice of policy.
/// </summary>
internal sealed record RelayOrder
{
    /// <summary>Comes back in the report; grows.</summary>
    public required long Id { get; init; }

    public NodePlan? Plan { get; init; }

    /// <summary>States for that plan, or for the one the relay carries.</summary>
    public BackendStates? Backends { get; init; }

    public RelayHold? Hold { get; init; }

    public ImmutableSortedSet<VipAddress>? Draining { get; init; }

    public bool ReadCounters { get; init; }

    /// <summary>
    /// The part of this order that is new to a relay that has been told the other one. Everything but the lease's end may be left out.
    /// </summary>
    public RelayOrder Without(RelayOrder told) => this with
    {
        Plan = ReferenceEquals(Plan, told.Plan) ? null : Plan,
        Backends = ReferenceEquals(Backends, told.Backends) ? null : Backends,
        Hold = ReferenceEquals(Hold?.Vips, told.Hold?.Vips) ? Hold is null ? null : Hold with { Vips = null } : Hold,
        Draining = ReferenceEquals(Draining, told.Draining) ? null : Draining,
    };
}

/// <summary>
/// The answer to one order. The first report on a connection answers none (id 0) and says what was found: a new agent adopts a relay that holds VIPs.
/// </summary>
internal sealed record RelayReport
{
    public required long Id { get; init; }

    /// <summary>What is held now: no VIP whose lease is over. Null where the order named no VIPs.</summary>
    public ImmutableSortedSet<VipAddress>? Held { get; init; }

    public long LeaseEndMicros { get; init; }

    /// <summary>The generation of the backends' states, and of the plan they belong to, by which the relay serves.</summary>
    public PlanGeneration Carried { get; init; }

    /// <summary>VIPs that are to be held but cannot be, with the reason; the relay goes on trying.</summary>
    public ImmutableSortedDictionary<VipAddress, string> Failed { get; init; } = ImmutableSortedDictionary<VipAddress, string>.Empty;

    public ImmutableSortedDictionary<VipAddress, VipCounters>? Counters { get; init; }

    /// <summary>Last word of a connection: another agent has come, and the newest wins.</summary>
    public bool Replaced { get; init; }
}

/// <summary>One JSON document per line, in both directions.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RelayOrder))]
[JsonSerializable(typeof(RelayReport))]
internal sealed partial class RelayJson : JsonSerializerContext
{
    public static byte[] Encode(RelayOrder order) => [.. JsonSerializer.SerializeToUtf8Bytes(order, Default.RelayOrder), (byte)'\n'];

    public static byte[] Encode(RelayReport report) => [.. JsonSerializer.SerializeToUtf8Bytes(report, Default.RelayReport), (byte)'\n'];

    /// <exception cref="JsonException">The line is no order.</exception>
    public static RelayOrder DecodeOrder(string line) =>
        JsonSerializer.Deserialize(line, Default.RelayOrder) ?? throw new JsonException("An order is an object.");

    /// <exception cref="JsonException">The line is no report.</exception>
    public static RelayReport DecodeReport(string line) =>
        JsonSerializer.Deserialize(line, Default.RelayReport) ?? throw new JsonException("A report is an object.");
}
