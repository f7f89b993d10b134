using Fleet.Coordinator.Journal;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Worlds;
using Fleet.Testing;

namespace Fleet.Simulation;

/// <summary>A node that comes and goes must not drag the fleet's VIPs along.</summary>
public sealed class FlapTests
{
    private static readonly TimeSpan Schedule = TimeSpan.FromMinutes(10);

    [Fact]
    public void Node_that_is_up_and_down_every_so_many_seconds_for_ten_minutes_moves_each_vip_at_most_four_times() => Cases.Play([2, 5, 11], Flap);

    private static void Flap(int seconds)
    {
        var world = new World(new WorldSettings { Seed = seconds, Nodes = 4, Services = [Build.Service("web", Build.Vips(24))] });
        world.RunUntil(() => world.Now > 3_000_000 && Healed.Lacks(world) is null, TimeSpan.FromSeconds(20)).ShouldBeTrue("it forms");
        var formed = world.Store.Entries.Length;
        for (var at = TimeSpan.Zero; at < Schedule; at += 2 * TimeSpan.FromSeconds(seconds))
            world.Schedule([new Kill(world.Elapsed + at, "adc-2"), new Start(world.Elapsed + at + TimeSpan.FromSeconds(seconds), "adc-2")]);
        world.Run(Schedule);
        world.Node(new NodeName("adc-2")).Start();
        world.RunUntil(
            () => Healed.Lacks(world) is null && world.Store.Folded.Map.Vips.Values.Any(v => v.Owner == new NodeName("adc-2")),
            TimeSpan.FromMinutes(7),
            TimeSpan.FromMilliseconds(100))
            .ShouldBeTrue("it has its share again once it stays");
        var moves = world.Store.Entries
            .Skip(formed)
            .SelectMany(e => e.Events)
            .OfType<FleetEvent.VipsMoved>()
            .SelectMany(e => e.Moves)
            .CountBy(m => m.Vip)
            .ToArray();
        moves.Max(m => m.Value).ShouldBeLessThanOrEqualTo(4, string.Join(", ", moves));
    }
}
