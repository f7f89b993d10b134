using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Faults.Judging;

/// <summary>A coordinator acknowledged something under a term, at some moment between asking and hearing.</summary>
/// <param name="Coordinator">The number of the one that was asked.</param>
internal readonly record struct Acknowledgement(int Coordinator, long Term, Instant Asked, Instant Heard);
