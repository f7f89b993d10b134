using System.Text;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Plans;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Api;

/// <summary>The fleet's state in the Prometheus text format 0.0.4.</summary>
internal static class Prometheus
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Render(Leader leader, Instant now)
    {
        var text = new StringBuilder();
        var map = leader.State.Map;
        Family(text, "fleet_term", "gauge", "Number of this leadership.", [("", leader.Term)]);
        Family(text, "fleet_revision", "counter", "Newest revision of the map.", [("", map.Version.Revision)]);
        Nodes(text, leader, now);
        Services(text, leader);
        Protection(text, leader.Planning);
        return text.ToString();
    }

    /// <summary>Who answers, and who leads; no line for the leader where nobody does, or it is not known.</summary>
    public static string Role(string coordinator, string? leader)
    {
        var text = new StringBuilder();
        var name = $"coordinator=\"{coordinator}\"";
        Family(text, "fleet_leading", "gauge", "1 when this coordinator leads.", [(name, coordinator == leader ? 1 : 0)]);
        Family(
            text, "fleet_leader", "gauge", "1, with the name of the coordinator that leads.", leader is null ? [] : [($"leader=\"{leader}\"", 1.0)]);
        return text.ToString();
    }

    /// <summary>How far a coordinator is that does not lead.</summary>
    public static string Followed(MapVersion version, TimeSpan age)
    {
        var text = new StringBuilder();
        Family(text, "fleet_term", "gauge", "Number of this leadership.", [("", version.Term)]);
        Family(text, "fleet_revision", "counter", "Newest revision of the map.", [("", version.Revision)]);
        Family(text, "fleet_follower_age_seconds", "gauge", "How long what this coordinator knows may have been outdated.", [("", age.TotalSeconds)]);
        return text.ToString();
    }

    private static void Nodes(StringBuilder text, Leader leader, Instant now)
    {
        var map = leader.State.Map;
        Family(
            text,
            "fleet_node_up",
            "gauge",
            "1 when the node is up.",
            map.Nodes.Values.Select(n => (Node(n.Name), n.Presence == NodePresence.Up ? 1.0 : 0)));
        Family(
            text,
            "fleet_node_silent_seconds",
            "gauge",
            "Time since the node was last heard.",
            map.Nodes.Keys.Select(n => (Node(n), (now - leader.Observed.Node(n).LastHeard).TotalSeconds)));
        Family(
            text,
            "fleet_node_capacity_bits_per_second",
            "gauge",
            "What the node can carry.",
            map.Nodes.Values.Select(n => (Node(n.Name), (double)n.Facts.CapacityBps)));
        Family(
            text,
            "fleet_node_traffic_bits_per_second",
            "gauge",
            "What the node carries.",
            map.Nodes.Keys.Select(n => (Node(n), leader.Observed.Node(n).Load.TotalBitsPerSecond)));
        Family(
            text,
            "fleet_node_vips",
            "gauge",
            "VIPs the node owns.",
            map.Nodes.Keys.Select(n => (Node(n), (double)leader.State.Vips.OwnedBy(n).Count)));
    }

    private static void Services(StringBuilder text, Leader leader)
    {
        var map = leader.State.Map;
        var phases = leader.State.Vips.Unsettled.Values.CountBy(v => v.Phase).ToDictionary();
        phases[VipPhase.Serving] = map.Vips.Count - phases.Where(p => p.Key != VipPhase.Serving).Sum(p => p.Value);
        Family(
            text,
            "fleet_vips",
            "gauge",
            "VIPs by phase.",
            Enum.GetValues<VipPhase>().Select(p => ($"phase=\"{p.ToString().ToLowerInvariant()}\"", (double)phases.GetValueOrDefault(p))));
        Family(
            text,
            "fleet_backend_up",
            "gauge",
            "1 when the backend is up.",
            map.Services.Values.SelectMany(s =>
                s.Pool.Backends.Select(
                    b => ($"service=\"{s.Name}\",backend=\"{b.Name}\"", map.VerdictOf(s.Name, b.Name) == Verdict.Up ? 1.0 : 0))));
    }

    private static void Protection(StringBuilder text, PlanScheduler planning)
    {
        if (planning.Last is not { Planned.Verdict: var verdict })
            return;
        Family(text, "fleet_protection_holds", "gauge", "1 when the newest plan keeps the protection.", [("", verdict.Holds ? 1 : 0)]);
        Family(
            text,
            "fleet_protection_worst_utilisation",
            "gauge",
            "Part of a node's capacity used after the worst failure.",
            [("", verdict.Worst?.Utilisation ?? 0)]);
        Family(text, "fleet_plan_seconds", "gauge", "How long the newest plan and its proof took.", [("", planning.LastTook.TotalSeconds)]);
    }

    /// <summary>The read model in PostgreSQL; nothing where there is none.</summary>
    public static string Render(ProjectionStatus projection, TimeSpan lag)
    {
        var text = new StringBuilder();
        if (!projection.IsOn)
            return "";
        Family(text, "fleet_projection_revision", "gauge", "Newest revision in the read model.", [("", projection.Revision)]);
        Family(text, "fleet_projection_lag_seconds", "gauge", "How long the oldest entry has waited for it.", [("", lag.TotalSeconds)]);
        Family(text, "fleet_projection_entries_total", "counter", "Entries written to it by this process.", [("", projection.Entries)]);
        Family(text, "fleet_projection_failures_total", "counter", "Times that it could not be written.", [("", projection.Failures)]);
        return text.ToString();
    }

    /// <summary>The zones on other servers.</summary>
    public static string Render(IReadOnlyCollection<PublishingView> targets, DateTimeOffset now)
    {
        var text = new StringBuilder();
        if (targets.Count == 0)
            return "";
        Family(
            text,
            "fleet_publish_in_step",
            "gauge",
            "1 when the zone was as wanted at the last look.",
            targets.Select(t => (Zone(t), t.State == PublishingView.InStep ? 1.0 : 0)));
        Family(
            text,
            "fleet_publish_updates_total",
            "counter",
            "Dynamic updates that the server took.",
            targets.Select(t => (Zone(t), (double)t.Updates)));
        Family(text, "fleet_publish_failures_total", "counter", "Attempts that came to nothing.", targets.Select(t => (Zone(t), (double)t.Failures)));
        Family(text, "fleet_publish_pending", "gauge", "Changes not made yet.", targets.Select(t => (Zone(t), (double)t.Pending)));
        Family(
            text,
            "fleet_publish_success_age_seconds",
            "gauge",
            "Time since the zone was last seen as wanted.",
            targets.Where(t => t.LastSuccess is not null).Select(t => (Zone(t), (now - t.LastSuccess!.Value).TotalSeconds)));
        return text.ToString();
    }

    private static string Zone(PublishingView target) => $"server=\"{target.Server}\",zone=\"{target.Zone}\"";

    private static string Node(NodeName name) => $"node=\"{name}\"";

    private static void Family(StringBuilder text, string name, string type, string help, IEnumerable<(string Labels, double Value)> samples)
    {
        text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");
        foreach (var (labels, value) in samples)
            text.Append(name).Append(labels.Length > 0 ? $"{{{labels}}}" : "").Append(' ').Append(value.ToString("R")).Append('\n');
    }
}
