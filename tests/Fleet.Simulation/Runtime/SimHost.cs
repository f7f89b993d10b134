using Fleet.Shared.Shell;
using Fleet.Simulation.Disks;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Runtime;

/// <summary>A machine: its name in the network, its clocks, its disk.</summary>
public sealed class SimHost(World world, string name)
{
    public string Name => name;

    public World World => world;

    public HostClock Clock { get; } = HostClock.Random(world.Chance, world.Settings.ClockPpmMax);

    public SimDisk Disk { get; } = new(world.Chance);

    /// <param name="looked">Told each time that the process looks at the clock.</param>
    public MonotonicClock ClockOf(ProcessLife life, Action? looked = null) => new(new SimTime(world.Scheduler, world.Chance, Clock, life, looked));
}
