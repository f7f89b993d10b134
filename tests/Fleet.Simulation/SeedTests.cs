using System.Globalization;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Playing;
using Fleet.Simulation.Worlds;
using Fleet.Testing;
using Xunit.Abstractions;

namespace Fleet.Simulation;

/// <summary>
/// Worlds with random trouble. <c>./fleet sim --seeds 20000</c> plays more of them; <c>FLEET_SEEDS=20</c> fewer.
/// </summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    private const int ByDefault = 500;

    [Fact]
    public void Any_fleet_keeps_all_laws_for_two_minutes_of_any_trouble_and_heals_when_it_ends()
    {
        using var told = new StringWriter();
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("FLEET_SEEDS"), CultureInfo.InvariantCulture, out var asked) ? asked : ByDefault;
        var run = new SeedRun(new SimOptions(1, seeds, 2, [], null), told);
        run.Run();
        output.WriteLine(told.ToString());
        run.Failures.Values.ShouldBeEmpty();
        if (seeds >= ByDefault)
            run.Unstruck.ShouldBeEmpty("what was not tried was not tested");
    }

    /// <summary>The bound of the design: lease and margin, and 150 ms to find it, write it, tell it and take it.</summary>
    [Fact]
    public void Vips_of_up_to_k_nodes_that_die_at_once_are_served_elsewhere_within_lease_and_margin_and_150_ms_and_no_other_moves() =>
        Cases.Play(Enumerable.Range(1, 30), Kill);

    private static void Kill(int seed)
    {
        var chance = new Random(seed);
        var k = chance.Next(1, 4);
        var vips = chance.Next(8, 60);
        var world = new World(new WorldSettings
        {
            Seed = seed,
            // With fewer than 2k nodes, so many witnesses may die with the watched that the rest are no quorum.
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
            if (!world.Served.Now.Contains(vip.Address))
                throw new CheckFailedException(
                    world, $"VIP {vip.Address} of {vip.Owner} is not served 600 ms after {string.Join(", ", dead.Select(n => n.Name))} died.");
            if (dead.All(n => n.Name != vip.Owner) && world.Store.Folded.Map.Vips[vip.Address].Owner != vip.Owner)
                throw new CheckFailedException(world, $"VIP {vip.Address} of {vip.Owner}, which lives, has moved.");
        }
    }
}
