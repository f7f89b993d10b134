using System.Text.Json.Serialization;
using Fleet.Placement.Model;
using Fleet.Shared.Json;

namespace Fleet.Placement.Proof;

/// <summary>One of the two things a load is made of.</summary>
[JsonConverter(typeof(KebabEnum<Dimension>))]
public enum Dimension
{
    /// <summary>bit/s.</summary>
    Bps,

    /// <summary>New connections per second.</summary>
    Cps,
}

/// <summary>A load, seen in one dimension.</summary>
internal static class Dimensions
{
    public static readonly Dimension[] All = [Dimension.Bps, Dimension.Cps];

    public static long In(this Load load, Dimension dimension) => dimension == Dimension.Bps ? load.Bps : load.Cps;
}
