namespace Fleet.Benchmarks.Placement;

/// <summary>What to run.</summary>
public sealed record PlacementOptions(bool IsQuick, int Instances, int Seed, bool OnlyScale, bool OnlyExact, bool AsJson)
{
    public bool RunsAll => !OnlyScale && !OnlyExact;
}
