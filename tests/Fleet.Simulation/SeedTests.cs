using System.Globalization;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation;

/// <summary>
/// Worlds with random trouble. <c>FLEET_SEEDS=1000</c> runs more of them, <c>FLEET_SEED=17</c> exactly that one.
/// </summary>
public sealed class SeedTests
{
    private const int SeedsByDefault = 20;

    /// <summary>So long the fleet is left to itself; two that watch each other cannot know that one has stopped for good, an operator can.</summary>
    private static readonly TimeSpan OperatorPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HealingMax = TimeSpan.FromSeconds(150);

    [Fact]
    public void Any_fleet_has_one_owner_for_each_vip_through_all_trouble_and_heals_when_it_ends()
    {
        var failures = new List<string>();
        foreach (var seed in Seeds.Chosen(SeedsByDefault))
        {
            if (Seeds.Failure(seed, nameof(Any_fleet_has_one_owner_for_each_vip_through_all_trouble_and_heals_when_it_ends), () => Play(seed)) is { } failure)
                failures.Add(failure);
        }

        failures.ShouldBeEmpty($"{failures.Count} worlds went wrong");
    }

    private static void Play(int seed)
    {
        var plan = FaultPlan.Random(seed);
        var world = new World(plan.Settings);
        world.Schedule(plan.Faults);
        world.Run(plan.Quiet);
        FaultPlan.Mend(world);
        var next = 0L;
        string? lack = null;
        var healed = world.RunUntil(
            () =>
            {
                if (world.Now < next)
                    return false;
                next = world.Now + 250_000;
                if (world.Now > (plan.Quiet + OperatorPatience).TotalMicroseconds)
                    FaultPlan.Tidy(world);
                lack = Healed.Lacks(world);
                return lack is null;
            },
            HealingMax);
        if (!healed)
            throw new CheckFailedException(world, $"After {HealingMax.TotalSeconds} s of quiet: {lack}.");
        world.Run(TimeSpan.FromSeconds(1));
        if (Healed.Lacks(world) is { } relapse)
            throw new CheckFailedException(world, $"A second after it had healed: {relapse}.");
    }
}

/// <summary>Which seeds a run takes, and how a failure is told.</summary>
public static class Seeds
{
    public static IEnumerable<int> Chosen(int byDefault)
    {
        if (Number("FLEET_SEED") is { } one)
            return [one];
        return Enumerable.Range(Number("FLEET_SEED_FROM") ?? 1, Number("FLEET_SEEDS") ?? byDefault);
    }

    public static string? Failure(int seed, string test, Action play)
    {
        try
        {
            play();
            return null;
        }
        catch (Exception e) when (e is CheckFailedException)
        {
            return $"\nSeed {seed} fails. Again: FLEET_SEED={seed} dotnet test tests/Fleet.Simulation --filter {test}\n{e.Message}";
        }
    }

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
