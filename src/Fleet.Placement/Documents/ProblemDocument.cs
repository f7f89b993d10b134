using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Placement.Model;
using Fleet.Shared.Json;

namespace Fleet.Placement.Documents;

/// <summary>An object of the document.</summary>
public abstract record Part
{
    /// <summary>Members of the document that mean nothing here. The serializer fills this in after the rest.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Strange { get; set; }
}

/// <summary>
/// The input of <c>pbm plan</c> as it is written: nothing is checked yet, and whatever may be left out is null. <see cref="ProblemText"/> judges it.
/// </summary>
public sealed record ProblemDocument : Part
{
    /// <summary>Null is the default: any one node may fail.</summary>
    public ProtectionPart? Protection { get; init; }

    public PolicyPart? Placement { get; init; }

    public IReadOnlyList<NodePart?>? Nodes { get; init; }

    public IReadOnlyList<VipPart?>? Vips { get; init; }

    /// <summary>The document of a problem: sorted, so that equal problems are equal texts.</summary>
    public static ProblemDocument From(PlacementProblem problem) => new()
    {
        Protection = new ProtectionPart
        {
            Nodes = problem.Protection.Nodes,
            Domains = problem.Protection.Domains,
            UtilisationMax = problem.Protection.UtilisationMax,
        },
        Placement = new PolicyPart { BalanceBand = problem.Policy.BalanceBand, ShareMax = problem.Policy.ShareMax },
        Nodes = [.. problem.Nodes.OrderBy(node => node.Name).Select(NodePart.From)],
        Vips = [.. problem.Vips.OrderBy(vip => vip.Address).Select(VipPart.From)],
    };
}

/// <summary>What may fail at once.</summary>
public sealed record ProtectionPart : Part
{
    public int? Nodes { get; init; }

    public int? Domains { get; init; }

    public double? UtilisationMax { get; init; }
}

/// <summary>How placement moves load about.</summary>
public sealed record PolicyPart : Part
{
    public double? BalanceBand { get; init; }

    public double? ShareMax { get; init; }
}

/// <summary>A node. Numbers are decimals because other programs write <c>8.8e10</c> for a whole number.</summary>
public sealed record NodePart : Part
{
    public string? Name { get; init; }

    public string? Site { get; init; }

    public string? Domain { get; init; }

    public string? Segment { get; init; }

    public decimal? CapacityBps { get; init; }

    /// <summary>Null is unbounded.</summary>
    public decimal? CapacityCps { get; init; }

    public string? State { get; init; }

    internal static NodePart From(PlanNode node) => new()
    {
        Name = node.Name.Value,
        Site = node.Site.Value,
        Domain = node.Domain.Value,
        Segment = node.Segment,
        CapacityBps = node.Capacity.Bps,
        CapacityCps = node.Capacity.Cps >= PlanNode.Unbounded ? null : node.Capacity.Cps,
        State = Kebab.Word(node.State),
    };
}

/// <summary>A VIP.</summary>
public sealed record VipPart : Part
{
    public string? Address { get; init; }

    public string? Service { get; init; }

    public string? Site { get; init; }

    public string? Segment { get; init; }

    public decimal? DemandBps { get; init; }

    public decimal? DemandCps { get; init; }

    /// <summary>Null means nobody, and is written out: it is news.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Owner { get; init; }

    public ImmutableArray<string?>? Standbys { get; init; }

    internal static VipPart From(PlanVip vip) => new()
    {
        Address = vip.Address.ToString(),
        Service = vip.Service.Value,
        Site = vip.Site?.Value,
        Segment = vip.Segment,
        DemandBps = vip.Demand.Bps,
        DemandCps = vip.Demand.Cps == 0 ? null : vip.Demand.Cps,
        Owner = vip.Owner?.Value,
        Standbys = vip.Standbys.IsEmpty ? null : [.. vip.Standbys.Select(name => name.Value)],
    };
}
