using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Playing;

/// <summary>Plays a plan to its end: the trouble, then quiet, in which the world must heal. It throws what a checker throws.</summary>
public static class Play
{
    /// <summary>So long the fleet is left to itself; two that watch each other cannot know that one has stopped for good, an operator can.</summary>
    private static readonly TimeSpan OperatorPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HealingMax = TimeSpan.FromSeconds(150);

    /// <summary>What was under way when a stopped process woke has its effect first.</summary>
    private static readonly TimeSpan Wake = TimeSpan.FromSeconds(3);

    /// <param name="reader">Told each line of what happens.</param>
    /// <param name="isGivenUp">Asked now and then whether anybody still wants to know.</param>
    /// <returns>What struck and what happened.</returns>
    /// <exception cref="OperationCanceledException">Nobody does.</exception>
    public static Tally Run(FaultPlan plan, Action<string>? reader = null, Func<bool>? isGivenUp = null)
    {
        var world = new World(plan.Settings, reader);
        try
        {
            return Run(world, plan, isGivenUp);
        }
        catch (Exception e) when (e is not (CheckFailedException or OperationCanceledException))
        {
            // What looks at the world is part of the world: it must not end the run of all the others.
            throw new CheckFailedException(world, $"Something broke: {e}");
        }
    }

    private static Tally Run(World world, FaultPlan plan, Func<bool>? isGivenUp)
    {
        world.Schedule(plan.Faults);
        if (world.RunUntil(isGivenUp ?? (static () => false), plan.Quiet))
            throw new OperationCanceledException();
        FaultPlan.Mend(world);
        world.Operators.End();
        world.Run(Wake);
        string? lack = null;
        var healed = world.RunUntil(
            () =>
            {
                if (isGivenUp?.Invoke() == true)
                    throw new OperationCanceledException();
                var isTidy = world.Now < (plan.Quiet + OperatorPatience).TotalMicroseconds || !FaultPlan.Tidy(world);
                lack = isTidy ? Healed.Lacks(world) : "the operator has only just tidied up";
                return lack is null;
            },
            HealingMax,
            TimeSpan.FromMilliseconds(250));
        if (!healed)
            throw new CheckFailedException(world, $"After {HealingMax.TotalSeconds} s of quiet: {lack}.");
        world.Run(TimeSpan.FromSeconds(1));
        if (Healed.Lacks(world) is { } relapse)
            throw new CheckFailedException(world, $"A second after it had healed: {relapse}.");
        world.Operators.Check();
        return world.Tally;
    }
}
