using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Worlds;
using Fleet.Testing;
using Xunit.Abstractions;

namespace Fleet.Simulation;

/// <summary>Three coordinators on a replicated store, and what befalls whoever leads. The laws are looked at after every event.</summary>
public sealed class CoordinatorTests(ITestOutputHelper output)
{
    private static readonly IEnumerable<int> Seeds = Enumerable.Range(1, 20);

    /// <summary>A standby sees the end of the leader's connection, and waits until nothing more can be acknowledged.</summary>
    [Fact]
    public void Standby_leads_half_a_second_after_the_leader_was_killed_and_no_vip_moves() => Measure(
        "leader killed", TimeSpan.FromMilliseconds(500), world => world.Coordinator.Kill());

    [Fact]
    public void Standby_leads_within_a_second_after_the_leader_was_stopped() => Measure(
        "leader stopped", TimeSpan.FromSeconds(1), world => world.Coordinator.Process.Pause());

    [Fact]
    public void Leader_that_is_told_to_stop_hands_over_without_a_gap() => Measure(
        "leader told to stop", TimeSpan.FromMilliseconds(200), world => world.Coordinator.Terminate());

    [Fact]
    public void Healthy_leader_that_is_deposed_costs_half_a_second() => Measure(
        "leader deposed", TimeSpan.FromMilliseconds(500), world => new Depose(world.Elapsed).Strike(world));

    [Theory]
    [InlineData(false, 1700)]
    [InlineData(true, 3200)]
    public void Vips_of_a_node_that_dies_together_with_the_leader_are_served_again_within_the_bound_of_a_loss_and_the_gap(bool isStopped, int bound)
    {
        var gaps = new SortedDictionary<int, TimeSpan>();
        Cases.Play(Seeds, seed =>
        {
            var world = Formed(seed);
            var (began, lost) = (world.Elapsed, world.Node(new NodeName("adc-2")));
            if (isStopped)
                world.Coordinator.Process.Pause();
            else
                world.Coordinator.Kill();
            lost.Kill();
            var all = world.Store.Folded.Map.Vips.Count;
            var isServed = world.RunUntil(() => world.Served.Now.Count == all, TimeSpan.FromSeconds(10));
            lock (gaps)
                gaps[seed] = world.Elapsed - began;
            isServed.ShouldBeTrue();
        });
        Say($"node and leader {(isStopped ? "stopped" : "killed")}", gaps.Values);
        gaps.Values.Max().ShouldBeLessThan(TimeSpan.FromMilliseconds(bound));
    }

    private void Measure(string what, TimeSpan bound, Action<World> strike)
    {
        var gaps = new SortedDictionary<int, TimeSpan>();
        Cases.Play(Seeds, seed =>
        {
            var world = Formed(seed);
            world.Service.TakeLongest();
            var (began, term) = (world.Elapsed, world.Coordinator.Leader!.Term);
            var owners = Owners(world);
            strike(world);
            var leads = world.RunUntil(() => world.Coordinator.Leader?.Term > term, TimeSpan.FromSeconds(10));
            lock (gaps)
                gaps[seed] = world.Elapsed - began;
            leads.ShouldBeTrue();
            world.Run(TimeSpan.FromSeconds(5));
            Owners(world).ShouldBe(owners);
            world.Service.TakeLongest().ShouldBe(0);
        });
        Say(what, gaps.Values);
        gaps.Values.Max().ShouldBeLessThan(bound);
    }

    private void Say(string what, IReadOnlyCollection<TimeSpan> gaps) =>
        output.WriteLine($"{what}: {string.Join(' ', gaps.Order().Select(gap => $"{gap.TotalMilliseconds:0}"))} ms");

    private static string Owners(World world) => string.Join(' ', world.Store.Folded.Map.Vips.Values.Select(v => $"{v.Address}={v.Owner}"));

    private static World Formed(int seed)
    {
        var settings = new WorldSettings { Seed = seed, Nodes = 4, Coordinators = 3, Services = [Build.Service("web", Build.Vips(12))] };
        var world = new World(settings);
        if (!world.RunUntil(() => world.Now > 3_000_000 && Healed.Lacks(world) is null, TimeSpan.FromSeconds(20)))
            throw new CheckFailedException(world, $"The fleet has not formed: {Healed.Lacks(world)}.");
        return world;
    }
}
