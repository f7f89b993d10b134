namespace Fleet.Testing.Linearizability;

/// <summary>What the checker says of a history.</summary>
public abstract record CheckResult
{
    private CheckResult()
    {
    }

    public bool IsRight => this is Right;

    /// <summary>Some order of the calls explains every answer.</summary>
    /// <param name="Steps">How many moves the search took.</param>
    public sealed record Right(long Steps) : CheckResult
    {
        public override string ToString() => $"An order explains every answer; it was found in {Steps} steps.";
    }

    /// <summary>No order does.</summary>
    public sealed record Wrong(Violation Violation) : CheckResult
    {
        public override string ToString() => Violation.ToString();
    }

    /// <summary>
    /// The steps ran out. A test that ends like this is badly set up, and fails: it needs fewer operators, fewer unknown outcomes about one thing, or
    /// more steps.
    /// </summary>
    public sealed record Undecided(string Why) : CheckResult
    {
        public override string ToString() => Why;
    }
}
