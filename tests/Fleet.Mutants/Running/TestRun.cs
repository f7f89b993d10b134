namespace Fleet.Mutants.Running;

/// <summary>What is to be run, of one test assembly.</summary>
/// <param name="Project">The test project, which is also its assembly's name.</param>
/// <param name="Only">Test classes, or <c>Class.Method</c>; all where there are none.</param>
/// <param name="Limit">After so long it hangs.</param>
public sealed record TestRun(string Project, IReadOnlyList<string> Only, TimeSpan Limit)
{
    public IReadOnlyList<string> Without { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Ends at the first failure.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Another process might have it end otherwise.</summary>
    public bool IsRepeatable { get; init; }
}

/// <summary>One test that failed, as <c>Class.Method</c>, and what it said.</summary>
public sealed record Failure(string Test, string Why);

/// <summary>What came of a run.</summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    public sealed record Passed(int Tests) : Outcome;

    public sealed record Failed(IReadOnlyList<Failure> Failures) : Outcome;

    /// <summary>It was not done within its limit.</summary>
    public sealed record Hung : Outcome;

    /// <summary>The process ended without having told how the tests did.</summary>
    /// <param name="Said">The end of what it printed.</param>
    public sealed record Crashed(int ExitCode, string Said) : Outcome;
}
