using System.Collections.Immutable;

namespace Fleet.Shared.Api;

/// <summary>The state of one of the zones on other DNS servers, as the leader sees it.</summary>
/// <param name="Server">Address and port.</param>
/// <param name="Zone">The zone there.</param>
/// <param name="FleetZone">The fleet's zone whose names are published.</param>
/// <param name="State">
/// One word: waiting (nothing tried yet), in-step, behind (the last attempt failed) or refused (by the server: somebody must look).
/// </param>
/// <param name="LastSuccess">When the zone was last seen to be as wanted.</param>
/// <param name="Pending">Changes that were not made yet.</param>
/// <param name="LastError">Why the last attempt failed; null after a success.</param>
/// <param name="LeftAlone">Names that are not as wanted, and why they are not touched.</param>
/// <param name="RecordSets">Record sets published.</param>
/// <param name="Updates">Update messages that the server accepted since this coordinator began to lead.</param>
/// <param name="Failures">Failed attempts since this coordinator began to lead.</param>
public sealed record PublishingView(
    string Server,
    string Zone,
    string FleetZone,
    string State,
    DateTimeOffset? LastSuccess,
    int Pending,
    string? LastError,
    ImmutableArray<string> LeftAlone,
    int RecordSets,
    long Updates,
    long Failures)
{
    public const string Waiting = "waiting";
    public const string InStep = "in-step";
    public const string Behind = "behind";
    public const string Refused = "refused";
}
