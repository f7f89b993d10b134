namespace Fleet.Shared.Model;

/// <summary>Something that must never happen has happened: going on could let two nodes serve one VIP. Code that meets it ends its process.</summary>
public sealed class InvariantBrokenException(string what) : Exception($"An invariant is broken, and this process must not go on: {what}");
