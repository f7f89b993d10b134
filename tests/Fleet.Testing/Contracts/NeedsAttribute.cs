namespace Fleet.Testing.Contracts;

/// <summary>A suite that derives a contract and needs something that is not on every machine: elsewhere its tests are skipped, and say so.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsAttribute : Attribute
{
    /// <summary>What is not there, and how to get it; null when all is there.</summary>
    public abstract string? Missing { get; }
}
