using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Demo.Scenario;

/// <summary>What <c>./fleet demo --once --json</c> prints. Times are in milliseconds, as a client saw them.</summary>
internal sealed record OnceReport
{
    /// <summary>At the end: one was killed, one joined.</summary>
    public required int Nodes { get; init; }

    public required int Vips { get; init; }

    /// <summary>Requests of clients that found a VIP by DNS.</summary>
    public required int Requests { get; init; }

    /// <summary>All that failed, excused or not.</summary>
    public required int Failed { get; init; }

    /// <summary>Those that were not in flight on, or sent to, a VIP of the dead node during its outage.</summary>
    public required int FailedElsewhere { get; init; }

    /// <summary>What was killed: node (agent and relay) or agent.</summary>
    public required string Killed { get; init; }

    /// <summary>The longest time that one VIP did not answer around the kill.</summary>
    public required double OutageMs { get; init; }

    /// <summary>
    /// The longest time in that window that a VIP of an untouched node did not answer: what the machine itself, with all these processes on its
    /// cores, adds to every figure.
    /// </summary>
    public required double MachineStallMs { get; init; }

    /// <summary>From the kill to the last DNS answer that named a VIP out of service.</summary>
    public required double DnsCleanMs { get; init; }

    /// <summary>VIPs that changed their owner because of the kill.</summary>
    public required int MovedVips { get; init; }

    /// <summary>How many had to move: the dead node's.</summary>
    public required int MovesLowerBound { get; init; }

    /// <summary>VIPs that changed their owner because a node joined.</summary>
    public required int JoinMovedVips { get; init; }

    /// <summary>How many had to move, for an even spread.</summary>
    public required int JoinMovesLowerBound { get; init; }

    public required double DualOwnerMs { get; init; }

    /// <summary>From <c>kill -9</c> of the leader until another one led; null in a fleet of one coordinator.</summary>
    public double? LeaderGapMs { get; init; }

    /// <summary>Of the last map.</summary>
    public required long Revision { get; init; }

    /// <summary>Why the fleet does not count as healed; empty when it does.</summary>
    public required IReadOnlyList<string> Shortcomings { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.OnceReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(OnceReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
