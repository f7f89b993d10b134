namespace Fleet.Node.Core;

/// <summary>
/// Which plan: counts what an agent wants of its data plane, so the greater number is the newer plan. Two agents' numbers have nothing to do with
/// each other: what a data plane says it carries is compared with what it was asked for, and with nothing else.
/// </summary>
internal readonly record struct PlanGeneration(long Value)
{
    /// <summary>Of a data plane that has been told nothing.</summary>
    public static readonly PlanGeneration None;

    public PlanGeneration Next() => new(Value + 1);

    public override string ToString() => $"generation {Value}";
}
