using System.Text.Json.Serialization;
using Fleet.Shared.Json;

namespace Fleet.Shared.Model;

/// <summary>The number of one run of a node's agent (SWIM calls it so too). A later run on the same folder has a higher one.</summary>
[JsonConverter(typeof(IncarnationJson))]
public readonly record struct Incarnation(long Value) : IComparable<Incarnation>
{
    /// <summary>The incarnation of a peer that has not been heard.</summary>
    public static readonly Incarnation None;

    /// <summary>
    /// The run that begins now: microseconds since 1970, and more than the last one where the wall clock has been set back. A host that has lost its
    /// folder gets a later one by its clock.
    /// </summary>
    public static Incarnation Next(Incarnation last, DateTimeOffset wall) =>
        new(Math.Max(last.Value + 1, (wall - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));

    public static bool operator <(Incarnation left, Incarnation right) => left.Value < right.Value;

    public static bool operator >(Incarnation left, Incarnation right) => left.Value > right.Value;

    public static bool operator <=(Incarnation left, Incarnation right) => left.Value <= right.Value;

    public static bool operator >=(Incarnation left, Incarnation right) => left.Value >= right.Value;

    public int CompareTo(Incarnation other) => Value.CompareTo(other.Value);

    public override string ToString() => $"{Value}";
}
