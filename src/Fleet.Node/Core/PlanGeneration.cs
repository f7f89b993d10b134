namespace Fleet.Node.Core;

/// <summary>
/// Identifies a plan. It counts what an agent wants of its data plane, so the greater number is the newer plan. The numbers of two agents are
/// unrelated: what a data plane says it carries is compared only with what it was asked for.
/// </summary>
internal readonly record struct PlanGeneration(long Value)
{
    /// <summary>Of a data plane that has been told nothing.</summary>
    public static readonly PlanGeneration None;

    public PlanGeneration Next() => new(Value + 1);

    public override string ToString() => $"generation {Value}";
}
