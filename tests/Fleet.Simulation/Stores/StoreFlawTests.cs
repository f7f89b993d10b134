using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Playing;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Stores;

/// <summary>Every mistake that a store could make breaks a law in some world: the checkers see what they are there for.</summary>
public sealed class StoreFlawTests
{
    private const int SeedsMax = 160;

    private static readonly string[] Trouble = ["coordinator-stop", "depose", "store-ambiguous", "store-slow"];

    public static TheoryData<StoreFlaw, string> Flaws => new()
    {
        { StoreFlaw.NoWait, "may still acknowledge something" },
        { StoreFlaw.TakenCountsAsGivenBack, "may still acknowledge something" },
        { StoreFlaw.GivenBackBeforeItBegan, "may still acknowledge something" },
        { StoreFlaw.DeposedIsToldItLeads, "for which the store has not answered for too long" },
        { StoreFlaw.AppendsAreNotCompared, "follows revision" },
        { StoreFlaw.ReadSettlesNothing, "" },
        { StoreFlaw.ForgetsWhatItAcknowledged, "was acknowledged and is not in the store" },
    };

    [Theory]
    [MemberData(nameof(Flaws))]
    public void Mistake_of_a_store_is_found(StoreFlaw flaw, string law)
    {
        var found = Enumerable
            .Range(1, SeedsMax)
            .AsParallel()
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(seed => Law(flaw == StoreFlaw.GivenBackBeforeItBegan ? GivenBack(seed) : Usual(seed), flaw))
            .FirstOrDefault(broken => broken?.Contains(law, StringComparison.Ordinal) == true);
        found.ShouldNotBeNull();
    }

    [Fact]
    public void Every_mistake_is_tried() =>
        Flaws.Select(row => (StoreFlaw)row[0]).Append(StoreFlaw.None).Order().ShouldBe(Enum.GetValues<StoreFlaw>());

    private static FaultPlan Usual(int seed) => Swarm.Plan(seed, 1, Trouble, nodes: 3, coordinators: 3);

    /// <summary>The leader does not hear that it was deposed, and whoever won says goodbye while it waits: again and again.</summary>
    private static FaultPlan GivenBack(int seed) => new(
        new WorldSettings { Seed = seed, Nodes = 2, Coordinators = 3 },
        [
            .. from round in Enumerable.Range(1, 10)
               let at = TimeSpan.FromSeconds(5 * round)
               from fault in (Fault[])
               [
                   new CutFromStore(at, TimeSpan.FromSeconds(1), CutWay.In),
                   new Depose(at + TimeSpan.FromMilliseconds(1)),
                   new TerminateCoordinator(at + TimeSpan.FromMilliseconds(50), $"coordinator-{1 + ((seed + round) % 3)}"),
                   new StartCoordinator(at + TimeSpan.FromSeconds(1)),
               ]
               select fault,
        ],
        TimeSpan.FromSeconds(60));

    private static string? Law(FaultPlan plan, StoreFlaw flaw)
    {
        try
        {
            Play.Run(plan with { Settings = plan.Settings with { StoreFlaw = flaw, Operators = 10 } });
            return null;
        }
        catch (CheckFailedException e)
        {
            return e.Law;
        }
    }
}
