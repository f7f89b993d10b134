namespace Fleet.Shared.Model;

/// <summary>Something that must never be is so: going on could let two nodes serve one VIP. Whoever meets it ends its process.</summary>
public sealed class InvariantBrokenException(string what) : Exception($"An invariant is broken, and this process must not go on: {what}");
