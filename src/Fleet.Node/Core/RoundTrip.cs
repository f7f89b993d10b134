namespace Fleet.Node.Core;

/// <summary>How long answers have taken lately: the longest seen, which each shorter one lowers by a sixteenth of the difference.</summary>
/// <param name="Peak">Zero before the first.</param>
internal readonly record struct RoundTrip(TimeSpan Peak)
{
    public static readonly RoundTrip Unknown;

    public RoundTrip With(TimeSpan sample) => new(sample >= Peak ? sample : Peak - ((Peak - sample) / 16));
}
