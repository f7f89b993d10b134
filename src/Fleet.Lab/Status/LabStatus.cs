using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Lab.Status;

/// <summary>A lab as scripts read it (<c>status --json</c>).</summary>
/// <param name="Dns">Where agents answer DNS; empty while none runs.</param>
/// <param name="Clients">The namespaces of clients.</param>
/// <param name="Wires">What the wire does beyond passing on.</param>
/// <param name="Failures">What was made to fail and not mended, in words.</param>
internal sealed record LabStatus(
    string Name,
    string Zone,
    ImmutableArray<string> Dns,
    ImmutableArray<NamespaceStatus> Namespaces,
    ImmutableArray<ServiceStatus> Services,
    ImmutableArray<NodeStatus> Nodes,
    ImmutableArray<CoordinatorStatus> Coordinators,
    ImmutableArray<string> Clients,
    ImmutableArray<string> Wires,
    ImmutableArray<string> Failures)
{
    public string ToJson() => JsonSerializer.Serialize(this, StatusJson.Default.LabStatus);

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"Lab {Name}: {Namespaces.Length} namespaces\n\n");
        foreach (var each in Namespaces)
        {
            var programs = string.Join(", ", each.Processes.Select(process => $"{process.Name} {process.Pid}{process.Condition}"));
            var line = $"  {each.Name,-24} {each.Kind,-12} {each.Site ?? "-",-8} {string.Join(' ', each.Addresses),-60} {programs}";
            text.Append(line.TrimEnd()).Append('\n');
        }

        foreach (var service in Services)
            text.Append($"\n  service {service.Name}: {service.Vips.Length} VIPs, {service.Vips[0]} to {service.Vips[^1]}, port {service.Port}\n");
        foreach (var wire in Wires)
            text.Append($"  wire {wire}\n");
        foreach (var failure in Failures)
            text.Append($"  made to fail: {failure}\n");
        return text.ToString();
    }
}

/// <summary>One namespace, and who lives there.</summary>
internal sealed record NamespaceStatus(
    string Name, string Kind, string? Site, ImmutableArray<string> Addresses, ImmutableArray<ProcessStatus> Processes);

/// <summary>One process.</summary>
/// <param name="State">As in proc_pid_stat(5): T is stopped.</param>
internal sealed record ProcessStatus(string Name, int Pid, string State)
{
    [JsonIgnore]
    public string Condition => State == "T" ? " (stopped)" : "";
}

/// <summary>The addresses of a service.</summary>
internal sealed record ServiceStatus(string Name, ImmutableArray<string> Vips, int Port);

/// <summary>One node.</summary>
internal sealed record NodeStatus(string Name, string Namespace, NodePids Pids);

/// <summary>Its two programs; null is one that does not run.</summary>
internal sealed record NodePids(int? Agent, int? Haproxy);

/// <summary>One coordinator.</summary>
/// <param name="Api">Reached from inside the lab.</param>
internal sealed record CoordinatorStatus(string Name, string Namespace, string Api, int? Pid);

/// <summary>The document.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(LabStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;
