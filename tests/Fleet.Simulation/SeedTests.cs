using System.Globalization;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Playing;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation;

/// <summary>
/// Worlds with random trouble. <c>FLEET_SEEDS=1000</c> runs more of them, <c>FLEET_SEED=17</c> exactly that one.
/// </summary>
public sealed class SeedTests
{
    private const int SeedsByDefault = 30;

    [Fact]
    public void Any_fleet_has_one_owner_for_each_vip_through_all_trouble_and_heals_when_it_ends()
    {
        const string Test = nameof(Any_fleet_has_one_owner_for_each_vip_through_all_trouble_and_heals_when_it_ends);
        var failures = Seeds.Failures(SeedsByDefault, Test, seed => Play.Run(FaultPlan.Random(seed)));
        failures.ShouldBeEmpty($"{failures.Length} worlds went wrong");
    }

    /// <summary>The bound of the design: lease and margin, and 150 ms to find it, write it, tell it and take it.</summary>
    [Fact]
    public void Vips_of_up_to_k_nodes_that_die_at_once_are_served_elsewhere_within_lease_and_margin_and_150_ms_and_no_other_moves()
    {
        const string Test = nameof(Vips_of_up_to_k_nodes_that_die_at_once_are_served_elsewhere_within_lease_and_margin_and_150_ms_and_no_other_moves);
        Seeds.Failures(SeedsByDefault, Test, Kill).ShouldBeEmpty();
    }

    private static void Kill(int seed)
    {
        var chance = new Random(seed);
        var k = chance.Next(1, 4);
        var vips = chance.Next(8, 60);
        var world = new World(new WorldSettings
        {
            Seed = seed,
            // With fewer than 2k nodes, so many watchers may die with the watched that the rest are no quorum.
            Nodes = Math.Max(3, 2 * k) + chance.Next(0, 5),
            Policy = FleetPolicy.Default with { Protection = new Protection(k, 0, 1), VipPool = ["10.0.0.0/16"] },
            Services = [Build.Service("web", Build.Vips(vips))],
        });
        if (!world.RunUntil(() => world.Now > 3_000_000 && Healed.Lacks(world) is null, TimeSpan.FromSeconds(20)))
            throw new CheckFailedException(world, $"The fleet has not formed: {Healed.Lacks(world)}.");
        world.Run(TimeSpan.FromMilliseconds(chance.Next(0, 300)));
        var before = world.Store.Folded.Map.Vips;
        var dead = world.Nodes.Values.OrderBy(_ => chance.Next()).Take(chance.Next(1, k + 1)).ToArray();
        world.Service.TakeLongest();
        foreach (var node in dead)
            node.Kill();
        world.Run(TimeSpan.FromMilliseconds(400 + 50 + 150));
        foreach (var vip in before.Values)
        {
            var served = world.Nodes.Values.Any(n => n.Relay.Serving.Contains(vip.Address));
            if (!served)
                throw new CheckFailedException(world, $"VIP {vip.Address} of {vip.Owner} is not served 600 ms after {string.Join(", ", dead.Select(n => n.Name))} died.");
            if (dead.All(n => n.Name != vip.Owner) && world.Store.Folded.Map.Vips[vip.Address].Owner != vip.Owner)
                throw new CheckFailedException(world, $"VIP {vip.Address} of {vip.Owner}, which lives, has moved.");
        }
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

    /// <summary>Plays the chosen worlds, on all cores: each is a world of its own. Returns those that went wrong, by seed.</summary>
    public static string[] Failures(int byDefault, string test, Action<int> play) =>
        [.. Chosen(byDefault).AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(seed => Failure(seed, test, () => play(seed))).OfType<string>()];

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
