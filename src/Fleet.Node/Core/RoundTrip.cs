namespace Fleet.Node.Core;

/// <summary>How long answers take of late: the longest seen, forgotten by a sixteenth of the difference with each that is shorter.</summary>
/// <param name="Peak">Zero before the first.</param>
internal readonly record struct RoundTrip(TimeSpan Peak)
{
    public static readonly RoundTrip Unknown;

    public RoundTrip With(TimeSpan sample) => new(sample >= Peak ? sample : Peak - ((Peak - sample) / 16));
}
