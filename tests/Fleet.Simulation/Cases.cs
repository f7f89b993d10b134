namespace Fleet.Simulation;

/// <summary>Cases of a test that are worlds of their own, and so are played side by side.</summary>
public static class Cases
{
    /// <summary>Fails with the names of all that went wrong, and why.</summary>
    public static void Play<T>(IEnumerable<T> cases, Action<T> play)
    {
        var failures = cases
            .AsParallel()
            .AsOrdered()
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(each => Failure(each, play))
            .OfType<string>()
            .ToArray();
        failures.ShouldBeEmpty();
    }

    private static string? Failure<T>(T each, Action<T> play)
    {
        try
        {
            play(each);
            return null;
        }
        catch (Exception e)
        {
            return $"{each}: {e}";
        }
    }
}
