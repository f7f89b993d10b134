using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// The twin of <see cref="AcknowledgesInTime"/>: while several coordinators' store is well, and all of them reach it, somebody leads within the
/// bound, as long as one of them runs: a session's end, and what it takes to see it, to wait, to read and to begin.
/// </summary>
public sealed class SomebodyLeads : IChecker
{
    /// <summary>Two sessions may have to end: that of the one before, and of one that won and died before it began.</summary>
    private const long LeadMax = 5_500_000;

    private readonly Since<string> _leaderless = new();
    private long _next;

    public void Look(World world)
    {
        if (world.Storage is null || world.Now < _next)
            return;
        _next = world.Now + CalmMoments.Often;
        var isWell = !world.Network.IsTroubled && !world.StoreTrouble.IsFelt && !world.Store.IsFull && world.StoreTrouble.WriteMicros.Most <= 5_000;
        var isMissed = isWell && world.Coordinator.Leader is null;
        // One that is started anew again and again has no chance to.
        var runs = world.Coordinators.Select(c => _leaderless.Lasts(c.Name, isMissed && c.Process.IsRunning, world.Now)).ToArray();
        if (runs.Max() is var longest && longest > LeadMax)
            throw new CheckFailedException(world, $"Nobody has led for {longest / 1000} ms, though one could.");
    }
}
