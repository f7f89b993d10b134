using Fleet.Shared.Shell;

namespace Fleet.Simulation.Disks;

/// <summary>Does it at once, where it is asked.</summary>
public sealed class ImmediateAside : IAside
{
    public Task<T> RunAsync<T>(string name, Func<T> work) => Task.FromResult(work());
}
