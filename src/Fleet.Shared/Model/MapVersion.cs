namespace Fleet.Shared.Model;

/// <summary>
/// The number of a map. <see cref="Term"/> counts a coordinator's leaderships, <see cref="Revision"/> the journal's entries; both only grow.
/// Nodes refuse whatever carries an older version than the one they know.
/// </summary>
public readonly record struct MapVersion(long Term, long Revision) : IComparable<MapVersion>
{
    public static readonly MapVersion None;

    public static bool operator <(MapVersion left, MapVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(MapVersion left, MapVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(MapVersion left, MapVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MapVersion left, MapVersion right) => left.CompareTo(right) >= 0;

    public int CompareTo(MapVersion other) => Term != other.Term ? Term.CompareTo(other.Term) : Revision.CompareTo(other.Revision);

    public override string ToString() => $"{Term}.{Revision}";
}
