using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Fleet.Shared.Json;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>Why no placement at all can be protected.</summary>
[JsonConverter(typeof(KebabEnum<ShortageKind>))]
public enum ShortageKind
{
    /// <summary>A VIP needs an owner and k standbys, and fewer nodes may take it.</summary>
    TooFewNodes,

    /// <summary>All nodes that may take a VIP fail together.</summary>
    OneDomain,

    /// <summary>A VIP does not fit on enough nodes, even alone.</summary>
    VipTooLarge,

    /// <summary>More is asked than is left after the worst failure.</summary>
    TooMuchDemand,

    /// <summary>What is left after the worst failure would do in sum, but not for so many large VIPs.</summary>
    TooManyLargeVips,
}

/// <summary>A proof that no placement can keep the protection, and the least that would have to change.</summary>
/// <param name="Where">The nodes it is about, in words: the fleet, a site, a segment.</param>
/// <param name="Failed">The failure set that leaves too little; empty where none is needed to see it.</param>
/// <param name="Asked">
/// For <see cref="ShortageKind.TooMuchDemand"/> and <see cref="ShortageKind.VipTooLarge"/>: demand in the dimension; otherwise nodes, domains or
/// VIPs.
/// </param>
/// <param name="Left">The same, for what there is.</param>
/// <param name="Vip">The VIP it is about, where it is about one.</param>
/// <param name="Dimension">Null where nothing is measured.</param>
/// <param name="CapacityMore">At least so much more capacity, in the dimension, would be needed; 0 where capacity is not what is missing.</param>
/// <param name="NodesMore">Or at least so many more nodes.</param>
/// <param name="NodeSize">Of at least this capacity, in the dimension; 0 is of any size.</param>
public sealed record Shortage(
    ShortageKind Kind,
    string Where,
    ImmutableArray<NodeName> Failed,
    long Asked,
    long Left,
    VipAddress? Vip,
    Dimension? Dimension,
    long CapacityMore,
    long NodesMore,
    long NodeSize)
{
    private const int NamesMax = 6;

    public string Sentence => Kind switch
    {
        ShortageKind.TooFewNodes => $"VIP {Vip} needs {Asked} nodes, its owner and its standbys, and {Left} of {Where} may take it: {Nodes} needed.",
        ShortageKind.OneDomain => $"All nodes of {Where} that can take VIP {Vip} lie in one failure domain: a node in another is needed.",
        ShortageKind.VipTooLarge =>
            $"VIP {Vip} asks for {Amount(Asked)} and fits on {Left} nodes of {Where}, alone; its owner and its standbys are more: {Nodes} needed, "
            + $"or more VIPs that share its demand.",
        ShortageKind.TooMuchDemand =>
            $"{When}{Where} has {Amount(Left)} left and is asked for {Amount(Asked)}: {Amount(CapacityMore)} more, or {Nodes} needed.",
        _ => $"{When}{Where} has room for {Left} of its {Asked} largest VIPs: {Nodes} needed, or more VIPs that share the demand.",
    };

    private string When =>
        Failed.IsEmpty
            ? ""
            : $"When {string.Join(", ", Failed.Take(NamesMax))}{(Failed.Length > NamesMax ? $" and {Failed.Length - NamesMax} more" : "")} "
                + $"{(Failed.Length == 1 ? "fails" : "fail")}, ";

    private string Nodes =>
        $"{NodesMore} more node{(NodesMore == 1 ? "" : "s")}{(NodeSize > 0 ? $" of {Amount(NodeSize)}" : "")} {(NodesMore == 1 ? "is" : "are")}";

    private string Amount(long amount)
    {
        if (Dimension == Proof.Dimension.Cps)
            return $"{amount.ToString("N0", CultureInfo.InvariantCulture)} connections/s";
        var (size, unit) = amount switch
        {
            >= 1_000_000_000 => (1e9, "Gbit/s"),
            >= 1_000_000 => (1e6, "Mbit/s"),
            _ => (1.0, "bit/s"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{amount / size:0.##} {unit}");
    }
}
