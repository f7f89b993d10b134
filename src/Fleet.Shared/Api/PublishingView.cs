using System.Collections.Immutable;

namespace Fleet.Shared.Api;

/// <summary>How one of the zones on other DNS servers is, as the leader sees it.</summary>
/// <param name="Server">Address and port.</param>
/// <param name="Zone">The zone there.</param>
/// <param name="FleetZone">Whose names are published.</param>
/// <param name="State">
/// One word: waiting (nothing tried yet), in-step, behind (the last attempt came to nothing) or refused (by the server: somebody must look).
/// </param>
/// <param name="LastSuccess">When the zone was last seen as wanted.</param>
/// <param name="Pending">Changes that were not made yet.</param>
/// <param name="LastError">What the last attempt came to nothing by; null after a success.</param>
/// <param name="LeftAlone">Names that are not as wanted, and why they are not touched.</param>
/// <param name="RecordSets">Record sets published.</param>
/// <param name="Updates">Update messages that the server took, since this coordinator leads.</param>
/// <param name="Failures">Attempts that came to nothing, since this coordinator leads.</param>
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
