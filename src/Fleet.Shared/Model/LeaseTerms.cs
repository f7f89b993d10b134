using System.Text.Json.Serialization;

namespace Fleet.Shared.Model;

/// <summary>
/// The fleet's timing, in milliseconds. A node sends a heartbeat every <see cref="HeartbeatMs"/>. An acknowledged heartbeat gives it <see
/// cref="DurationMs"/> from the moment the heartbeat was <em>sent</em>. The leader passes its VIPs on <see cref="MarginMs"/> after that time has run
/// out by the leader's own clock.
/// </summary>
public sealed record LeaseTerms(int HeartbeatMs, int DurationMs, int MarginMs)
{
    public static readonly LeaseTerms Default = new(100, 400, 50);

    [JsonIgnore]
    public TimeSpan Heartbeat => TimeSpan.FromMilliseconds(HeartbeatMs);

    [JsonIgnore]
    public TimeSpan Duration => TimeSpan.FromMilliseconds(DurationMs);

    /// <summary>How long the leader waits after a node was last heard before that node can no longer be holding anything.</summary>
    [JsonIgnore]
    public TimeSpan DurationAndMargin => TimeSpan.FromMilliseconds(DurationMs + MarginMs);
}
