namespace Fleet.Simulation.Disks;

/// <summary>How long a disk's work takes; a world charges it to the process that asked for it.</summary>
public readonly record struct DiskCosts(TimeSpan Read, TimeSpan Write, TimeSpan Flush);
