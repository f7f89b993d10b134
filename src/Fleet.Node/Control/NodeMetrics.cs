using System.Text;
using Fleet.Shared.Api;

namespace Fleet.Node.Control;

/// <summary>A node's own figures in the Prometheus text format 0.0.4.</summary>
internal static class NodeMetrics
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Names in it are domain names, whose text has neither quotes nor line breaks; a backslash is doubled.</summary>
    public static string Render(NodeStatus status, DnsView dns)
    {
        var text = new StringBuilder();
        Family(text, "fleet_node_revision", "gauge", "Revision of the map this node works by.", [("", status.Map.Revision)]);
        Family(text, "fleet_node_held_vips", "gauge", "VIPs this node holds.", [("", status.Vips)]);
        Family(text, "fleet_node_linked", "gauge", "1 when a coordinator is connected.", [("", status.Linked ? 1 : 0)]);
        Family(text, "fleet_dns_queries_total", "counter", "DNS messages received.", [("", dns.Queries)]);
        Family(text, "fleet_dns_answers_total", "counter", "DNS replies sent.", [("", dns.Answers)]);
        Family(
            text,
            "fleet_dns_events_total",
            "counter",
            "DNS messages by kind; a message may be of several kinds.",
            dns.Counters.Select(c => ($"kind=\"{c.Key}\"", c.Value)));
        Family(text, "fleet_dns_name_queries_total", "counter", "DNS queries by name.", dns.Names.Select(n => (Name(n), n.Queries)));
        Family(
            text,
            "fleet_dns_address_answers_total",
            "counter",
            "How often an address was given out for a name.",
            dns.Names.SelectMany(n => n.Addresses.Select(a => ($"{Name(n)},address=\"{a.Key}\"", a.Value))));
        return text.ToString();
    }

    private static string Name(DnsNameView name) =>
        $"name=\"{name.Name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static void Family(StringBuilder text, string name, string type, string help, IEnumerable<(string Labels, long Value)> samples)
    {
        text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");
        foreach (var (labels, value) in samples)
            text.Append(name).Append(labels.Length > 0 ? $"{{{labels}}}" : "").Append(' ').Append(value).Append('\n');
    }
}
