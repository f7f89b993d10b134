using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Lab.Traffic;

/// <summary>What a client has seen in a second or so.</summary>
/// <param name="Seconds">How long that was.</param>
/// <param name="Ok">Requests that were answered.</param>
/// <param name="P50Ms">Of those that were answered; 0 without any.</param>
/// <param name="Nodes">Answers by the node through which they came.</param>
/// <param name="Failures">Failed requests by why.</param>
internal sealed record TrafficWindow(
    string Client, double Seconds, int Ok, int Failed, double P50Ms, double P99Ms, SortedDictionary<string, int> Nodes,
    SortedDictionary<string, int> Failures)
{
    public string ToJson() => JsonSerializer.Serialize(this, TrafficJson.Default.TrafficWindow);

    public static TrafficWindow? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TrafficJson.Default.TrafficWindow);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One line of the live view.</summary>
    public override string ToString()
    {
        var answers = string.Join(", ", Nodes.OrderByDescending(node => node.Value).Select(node => $"{node.Key} {(double)node.Value / Ok:0%}"));
        var failures = string.Join(", ", Failures.Select(failure => $"{failure.Value} x {failure.Key}"));
        var line = $"{Client,-13} {(Ok + Failed) / Seconds,8:0} {Failed,7} {P50Ms,8:0.00} {P99Ms,8:0.00}  {answers}";
        return Failed > 0 ? $"{line}  ({failures})" : line.TrimEnd();
    }

    /// <summary>Above the lines.</summary>
    public static string Header => $"{"client",-13} {"req/s",8} {"failed",7} {"p50 ms",8} {"p99 ms",8}  answered by";
}

/// <summary>Counts until it is asked, and begins anew. For one thread at a time.</summary>
internal sealed class ClientTally(string client)
{
    private readonly List<double> _latencies = [];
    private readonly SortedDictionary<string, int> _nodes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);

    /// <param name="node">Who answered; null when nobody did.</param>
    public void Add(string? node, TimeSpan took, string failure)
    {
        if (node is null)
        {
            _failures[failure] = _failures.GetValueOrDefault(failure) + 1;
            return;
        }

        _nodes[node] = _nodes.GetValueOrDefault(node) + 1;
        _latencies.Add(took.TotalMilliseconds);
    }

    public TrafficWindow Take(TimeSpan since)
    {
        _latencies.Sort();
        var window = new TrafficWindow(
            client, since.TotalSeconds, _latencies.Count, _failures.Values.Sum(), Quantile(0.5), Quantile(0.99),
            new SortedDictionary<string, int>(_nodes, StringComparer.Ordinal), new SortedDictionary<string, int>(_failures, StringComparer.Ordinal));
        _latencies.Clear();
        _nodes.Clear();
        _failures.Clear();
        return window;
    }

    private double Quantile(double share) => _latencies.Count == 0 ? 0 : _latencies[Math.Min(_latencies.Count - 1, (int)(share * _latencies.Count))];
}

/// <summary>A line of a client's process.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(TrafficWindow))]
internal sealed partial class TrafficJson : JsonSerializerContext;
