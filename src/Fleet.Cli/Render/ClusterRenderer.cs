using System.Collections.Immutable;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Shared.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm cluster</c> prints.</summary>
internal static class ClusterRenderer
{
    /// <summary>Who is in the fleet.</summary>
    public static IRenderable Show(ClusterView cluster, ImmutableArray<CoordinatorView> coordinators, ImmutableArray<NodeView> nodes) => Tables.Stack(
        new Text($"{cluster.Cluster}, map {cluster.Version}, led by {cluster.Leader}"),
        Text.Empty,
        Coordinators(coordinators),
        Text.Empty,
        NodeRenderer.Members(nodes));

    private static Table Coordinators(ImmutableArray<CoordinatorView> coordinators)
    {
        var table = Tables.WithColumns("COORDINATOR", "ROLE", ">TERM", ">REVISION", ">LAG", "API", ">HEARD");
        foreach (var one in coordinators)
        {
            table.Row(
                one.Name,
                one.Role,
                Words.OrDash(one.Term),
                one.Revision,
                one.Lag,
                Words.OrDash(one.Api),
                one.HeardMs is { } heard ? Words.Age(heard) : "-");
        }

        return table;
    }

    /// <summary>How the fleet is, on one screen; the verdict comes last, where the eye is.</summary>
    public static IRenderable Status(ClusterView cluster)
    {
        var lease = cluster.Policy.Lease;
        var facts = Tables.Facts(
            ("cluster", cluster.Cluster),
            ("map", cluster.Version),
            ("leader", cluster.Leader),
            ("nodes", $"{cluster.NodesUp} of {cluster.Nodes} up"),
            ("services", cluster.Services),
            ("VIPs", $"{cluster.VipsServing} of {cluster.Vips} serving"),
            ("backends", $"{cluster.BackendsUp} of {cluster.Backends} up"),
            ("traffic", $"{Words.Rate(cluster.TrafficBps)} of {Words.Rate(cluster.CapacityBps)} "
                + $"({Words.Percent(cluster.TrafficBps, cluster.CapacityBps)})"),
            ("protection", Protection(cluster.Policy.Protection)),
            ("proof", Proof(cluster.Protection)),
            ("lease", $"{Words.Age(lease.DurationMs)}, heartbeat {Words.Age(lease.HeartbeatMs)}, margin {Words.Age(lease.MarginMs)}"),
            ("failover", Detection(cluster)));
        return Tables.Stack([facts, Text.Empty, .. Waiting(cluster.Waiting ?? []), .. Verdict(cluster.Problems)]);
    }

    private static IEnumerable<IRenderable> Waiting(ImmutableArray<string> waiting) =>
        waiting.IsEmpty
            ? []
            : [new Text("Nodes that are given nothing:"), .. waiting.Select(IRenderable (line) => new Text($"  {line}")), Text.Empty];

    private static string Proof(ProtectionView? view) => view switch
    {
        null => "not yet computed",
        { MovesLeft: > 0 } =>
            $"{(view.Holds ? "holds" : "does not hold")} once {Words.Count(view.MovesLeft, "more VIP has", "more VIPs have")} moved; {view.Text} "
            + $"(of map {view.Of})",
        _ => $"{(view.Holds ? "holds" : "does not hold")}; {view.Text} (of map {view.Of})",
    };

    private static string Detection(ClusterView cluster) => cluster.Detection is not { } bound
        ? "not yet measured"
        : $"within {bound.BoundMs:0} ms: lease + margin + 2 x {bound.LinkMs:0.#} (leader and {Farthest(bound.LinkFarthest)}) + "
            + $"{bound.WitnessMs:0.#} (witnesses of {Farthest(bound.WitnessFarthest)}) + {bound.WorkMs:0}";

    private static string Farthest(NodeName? node) => node?.Value ?? "nobody yet";

    internal static string Protection(Protection wanted)
    {
        var domains = wanted.Domains > 0 ? $", or any {Words.Count(wanted.Domains, "failure domain", "failure domains")}," : "";
        return $"any {Words.Count(wanted.Nodes, "node", "nodes")}{domains} may fail; at most {wanted.UtilisationMax * 100:0.#} % of a node is used";
    }

    private static IEnumerable<IRenderable> Verdict(ImmutableArray<string> problems)
    {
        if (problems.IsEmpty)
            return [new Text("Healthy: no problems.", new Style(Color.Green))];
        var heading = new Text($"{Words.Count(problems.Length, "problem", "problems")}, worst first:", new Style(Color.Red));
        return problems.Select(IRenderable (problem) => new Text($"  {problem}")).Prepend(heading);
    }
}
