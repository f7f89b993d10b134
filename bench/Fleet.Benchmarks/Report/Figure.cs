namespace Fleet.Benchmarks.Report;

/// <summary>One measured figure and what it must be.</summary>
/// <param name="Limit">The most it may be, or the least where <paramref name="IsLeast"/>; null where it is told and not judged.</param>
public sealed record Figure(string Name, double Value, double? Limit, string Unit = "", bool IsLeast = false)
{
    public bool IsMet => Limit is not { } limit || (IsLeast ? Value >= limit : Value <= limit);

    public override string ToString() =>
        $"{(Limit is null ? "    " : IsMet ? "met " : "MISS")}  {Name}: "
        + $"{Value:0.####}{Unit}{(Limit is { } limit ? $" ({(IsLeast ? "at least" : "at most")} {limit:0.####}{Unit})" : "")}";
}
