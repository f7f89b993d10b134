namespace Fleet.Simulation.Disks;

/// <summary>Here the story of a process ends: nothing that it does from now on reaches the disk. No program catches this one.</summary>
public sealed class DiskStoppedException() : Exception("The disk has stopped, as the test asked for.");
