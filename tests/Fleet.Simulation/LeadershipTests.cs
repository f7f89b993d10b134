using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Playing;
using Fleet.Simulation.Worlds;
using Fleet.Testing;

namespace Fleet.Simulation;

/// <summary>Worlds in which leadership runs out unless it is renewed, and renewals are slow, lost and refused.</summary>
public sealed class LeadershipTests
{
    private static readonly IEnumerable<int> Seeds = Enumerable.Range(1, 10);
    private static readonly string[] Trouble = [FaultKinds.Leadership, "coordinator-stop", "disk-slow", "kill"];

    /// <summary>A slow disk is what holds things up between the decision and its leaving; a stop lets time pass anywhere.</summary>
    [Fact]
    public void Nothing_leaves_a_leader_beyond_its_leadership_and_the_fleet_heals() =>
        Cases.Play(Enumerable.Range(1, 40), seed => Play.Run(Swarm.Plan(seed, 1, Trouble, nodes: 3)));

    /// <summary>Operators ask all the time, and the disk is busy for longer than what is left of the leadership, again and again.</summary>
    [Fact]
    public void What_a_slow_disk_holds_up_beyond_the_leadership_is_not_answered() => Cases.Play(Enumerable.Range(1, 20), seed =>
    {
        var settings = new WorldSettings { Seed = seed, Nodes = 2, Operators = 3, Leadership = TimeSpan.FromMilliseconds(600) };
        var world = new World(settings with { Services = [Build.Service("web", Build.Vips(4))] });
        world.Run(TimeSpan.FromSeconds(3));
        world.Election.SlowMs = 250;
        world.Store.AppendMicros = (50_000, 250_000);
        // The checker looks after every event.
        world.Run(TimeSpan.FromSeconds(30));
        world.Tally.Counts["operator-done"].ShouldBeGreaterThan(0);
    });

    /// <summary>Who never says anything again is safe as well. Nodes keep their leases by their witnesses meanwhile.</summary>
    [Fact]
    public void Leader_whose_renewals_are_answered_late_stands_still_and_goes_on_and_no_vip_is_dark() => Cases.Play(Seeds, seed =>
    {
        var world = Formed(seed);
        world.Service.TakeLongest();
        var (term, pauses, leads) = (world.Coordinator.Leader!.Term, 0, true);
        world.Election.SlowMs = 550;
        world.RunUntil(() => CountPauses(), TimeSpan.FromSeconds(20));
        pauses.ShouldBeGreaterThan(0);
        world.Election.Mend();
        world.RunUntil(() => Healed.Lacks(world) is null, TimeSpan.FromSeconds(2)).ShouldBeTrue(Healed.Lacks(world));
        world.Coordinator.Leader!.Term.ShouldBe(term);
        world.Service.TakeLongest().ShouldBe(0);

        bool CountPauses()
        {
            var leadsNow = world.Coordinator.Leader is not null;
            pauses += leadsNow && !leads ? 1 : 0;
            leads = leadsNow;
            return false;
        }
    });

    [Fact]
    public void Leader_that_is_refused_ends_and_the_next_term_begins() => Cases.Play(Seeds, seed =>
    {
        var world = Formed(seed);
        var term = world.Coordinator.Leader!.Term;
        world.Election.Refuse().ShouldBeTrue();
        world.RunUntil(() => world.Coordinator.Leader?.Term > term, TimeSpan.FromSeconds(3)).ShouldBeTrue();
        world.RunUntil(() => Healed.Lacks(world) is null, TimeSpan.FromSeconds(3)).ShouldBeTrue(Healed.Lacks(world));
    });

    private static World Formed(int seed)
    {
        var settings = new WorldSettings { Seed = seed, Nodes = 4, Leadership = TimeSpan.FromSeconds(1) };
        var world = new World(settings with { Services = [Build.Service("web", Build.Vips(12))] });
        if (!world.RunUntil(() => world.Now > 3_000_000 && Healed.Lacks(world) is null, TimeSpan.FromSeconds(20)))
            throw new CheckFailedException(world, $"The fleet has not formed: {Healed.Lacks(world)}.");
        return world;
    }
}
