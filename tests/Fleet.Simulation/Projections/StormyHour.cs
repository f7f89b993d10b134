using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Model;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Worlds;
using Fleet.Testing;

namespace Fleet.Simulation.Projections;

/// <summary>
/// The journal of an hour in which something happens to a small fleet every few seconds: nodes die and come back, drain and are cut off, services
/// change, leaders are killed, stopped and deposed. The three coordinators' clocks are seconds apart, and jump.
/// </summary>
internal static class StormyHour
{
    public static readonly TimeSpan Length = TimeSpan.FromHours(1);

    private const int TroublesEach = 9;
    private const int LongestMs = 6_000;
    private const int ClockJumpsEach = 4;
    private const int ClockJumpMaxMs = 2_500;

    private static readonly TimeSpan Chapter = TimeSpan.FromMinutes(1);

    /// <summary>Then everything is mended, and an operator ends drains that were left over, so that the storm always finds a fleet.</summary>
    private static readonly TimeSpan Storm = TimeSpan.FromSeconds(48);

    private static readonly ImmutableArray<string> Kinds =
    [
        "apply", "backend", "bind-lost", "coordinator-cut", "coordinator-kill", "coordinator-stop", "coordinator-terminate", "cut-off", "depose",
        "drain", "kill", "kill", "kill-agent", "session-lost", "stop", "store-unavailable",
    ];

    /// <summary>How wrong the clock of each coordinator is at first.</summary>
    private static readonly ImmutableArray<TimeSpan> ClockErrors = [TimeSpan.FromSeconds(-2), TimeSpan.Zero, TimeSpan.FromSeconds(1.5)];

    public static (ImmutableArray<JournalEntry> Entries, Tally Tally) Play(int seed)
    {
        var chance = new Random(seed);
        var settings = new WorldSettings
        {
            Seed = seed,
            Nodes = 3,
            Coordinators = ClockErrors.Length,
            Domains = 2,
            Policy = FleetPolicy.Default with { VipPool = ["10.0.0.0/16"], Zone = GslbZone.Default with { HoldDownMs = 2000 } },
            Services = [Build.Service("web0", Build.Vips(6)), Build.Service("web1", Build.Vips(4, first: 1001))],
        };
        var world = new World(settings);
        foreach (var (coordinator, error) in world.Coordinators.Zip(ClockErrors))
            coordinator.Clock.WallError = error;
        for (var begin = TimeSpan.Zero; begin < Length; begin += Chapter)
            PlayChapter(world, begin, chance);
        return (world.Store.Entries, world.Tally);
    }

    private static void PlayChapter(World world, TimeSpan begin, Random chance)
    {
        world.QuietSince = null;
        for (var i = 0; i < TroublesEach; i++)
            world.Schedule(FaultKinds.All[Kinds[chance.Next(Kinds.Length)]](new FaultScene(chance, world.Settings, Moment(), LongestMs)));
        for (var i = 0; i < ClockJumpsEach; i++)
            world.Schedule([new JumpClock(Moment(), null, TimeSpan.FromMilliseconds(chance.Next(-ClockJumpMaxMs, ClockJumpMaxMs)))]);
        world.Run(begin + Storm - world.Elapsed);
        FaultPlan.Mend(world);
        world.Run((begin + Chapter - world.Elapsed) / 2);
        FaultPlan.Tidy(world);
        world.Run(begin + Chapter - world.Elapsed);

        TimeSpan Moment() => begin + (Storm * chance.NextDouble());
    }
}
