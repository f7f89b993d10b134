using System.Collections.Immutable;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Plans;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Shrinking;

public sealed class ShrinkerTests
{
    private static readonly Func<FaultPlan, string?> KilledAndThenTheCoordinator = plan =>
        plan.Settings.Nodes >= 2 && plan.Settings.Services.Sum(s => s.Vips.Length) >= 3
        && plan.Faults.OfType<Kill>().FirstOrDefault() is { } kill
        && plan.Faults.OfType<KillCoordinator>().Any(k => k.At - kill.At >= TimeSpan.FromMilliseconds(250))
            ? "killed"
            : null;

    [Fact]
    public void Known_smallest_plan_is_found_whatever_else_happens()
    {
        var seeds = 0;
        string[] kinds = ["kill", "coordinator-kill", "cut", "stretch", "stop", "apply"];
        foreach (var plan in Enumerable.Range(1, 400).Select(seed => Swarm.Plan(seed, 2, kinds, null)))
        {
            if (KilledAndThenTheCoordinator(plan) is null)
                continue;
            seeds++;
            var small = Shrink(plan, KilledAndThenTheCoordinator).Plan;
            small.Faults.Select(f => f.Kind).ShouldBe(["kill", "kill-coordinator"]);
            small.Settings.Nodes.ShouldBe(2);
            small.Settings.Services.Sum(s => s.Vips.Length).ShouldBe(3);
            small.Settings.Sites.ShouldBe(["here"]);
            (small.Settings.ClockPpmMax, small.Settings.Spares, small.Settings.Domains).ShouldBe((0, false, 0));
            small.Settings.Policy.Protection.ShouldBe(new WorldSettings { Seed = 0, Nodes = 0 }.Policy.Protection);
            small.Quiet.ShouldBeLessThan(TimeSpan.FromSeconds(1.5));
            small.Faults[1].At.ShouldBeLessThan(TimeSpan.FromSeconds(1));
            small.Quiet.ShouldBeGreaterThanOrEqualTo(small.Faults[1].At);
        }

        seeds.ShouldBeGreaterThan(10);
    }

    /// <summary>A law that is broken or not by what looks like chance, as races are.</summary>
    [Fact]
    public void What_is_returned_and_all_that_is_told_on_the_way_fails_by_the_same_law()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            Func<FaultPlan, string?> law = plan => ((Hash(PlanText.Write(plan)) + seed) % 7) switch { 0 => "this", 1 => "that", _ => null };
            var plan = Enumerable.Range(1, 1000).Select(s => Swarm.Plan(s, 2, [], null)).First(p => p.Faults.Length < 12 && law(p) == "this");
            var told = new List<Found>();
            var found = Shrink(plan, law, told.Add);
            told.ShouldAllBe(f => law(f.Plan) == "this" && f.Failure.Name == "this");
            law(found.Plan).ShouldBe("this");
            found.ShouldBe(told.Count > 0 ? told[^1] : found);
        }
    }

    [Fact]
    public void Failure_of_another_law_is_not_followed()
    {
        var plan = Swarm.Plan(5, 2, ["kill", "cut"], null);
        plan = plan with { Faults = plan.Faults[..6] };
        var faults = plan.Faults.Length;
        var small = Shrink(plan, p => p.Faults.Length == faults ? "all" : "fewer");
        small.Plan.Faults.Length.ShouldBe(faults);
        small.Plan.Settings.Services.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    public void Nothing_is_played_when_the_time_is_over(int most)
    {
        var trials = new OneByOne(plan => plan.Faults.Length > 2 ? "too many" : null) { Most = most };
        var plan = Swarm.Plan(5, 2, [], null);
        var found = new Shrinker(trials).Shrink(new Found(plan, new Failure("too many", "too many", plan.Quiet)));
        trials.Played.ShouldBe(most);
        found.Plan.Faults.Length.ShouldBeGreaterThan(2);
    }

    [Fact]
    public void What_cannot_become_smaller_is_given_back()
    {
        var plan = Swarm.Plan(5, 2, [], null);
        plan = plan with { Faults = plan.Faults[..6] };
        var text = PlanText.Write(plan);
        Shrink(plan, p => PlanText.Write(p) == text ? "this" : null).Plan.ShouldBe(plan);
    }

    [Fact]
    public void What_needs_other_dice_is_found_with_them()
    {
        var plan = Swarm.Plan(5, 2, ["kill"], null);
        var small = Shrink(plan, p => p.Faults.Length == plan.Faults.Length || p.Settings.Seed == 3 ? "unlucky" : null);
        small.Plan.Faults.ShouldBeEmpty();
        small.Plan.Settings.Seed.ShouldBe(3);
    }

    [Fact]
    public void What_befell_nodes_that_are_left_out_is_left_out_and_the_others_move_up()
    {
        var cut = new Cut(default, "adc-3", "coordinator", BothWays: true);
        ImmutableArray<Fault> faults = [new Kill(default, "adc-1"), new Kill(default, "adc-2"), cut, new Join(default, "adc-4")];
        var plan = new FaultPlan(new WorldSettings { Seed = 1, Nodes = 3 }, faults, TimeSpan.FromSeconds(9));
        var fewer = WorldReductions.FewerNodes(new Found(plan, new Failure("", "", default))).ToArray();
        fewer.Length.ShouldBe(3);
        fewer[1].Settings.Nodes.ShouldBe(2);
        fewer[1].Faults.ShouldBe([new Kill(default, "adc-1"), cut with { From = "adc-2" }, new Join(default, "adc-3")]);
    }

    private static Found Shrink(FaultPlan plan, Func<FaultPlan, string?> law, Action<Found>? better = null)
    {
        var name = law(plan).ShouldNotBeNull();
        return new Shrinker(new OneByOne(law), better).Shrink(new Found(plan, new Failure(name, name, plan.Quiet + TimeSpan.FromSeconds(150))));
    }

    private static int Hash(string text) => text.Aggregate(17, (hash, c) => ((hash * 31) + c) & 0xFFFFFF);

    private sealed class OneByOne(Func<FaultPlan, string?> law) : ITrials
    {
        public int Most { get; init; } = int.MaxValue;

        public int Played { get; private set; }

        public bool IsOver => Played >= Most;

        public (int Index, Failure Failure)? First(IReadOnlyList<FaultPlan> plans, string name)
        {
            for (var i = 0; i < plans.Count && !IsOver; i++)
            {
                Played++;
                if (law(plans[i]) == name)
                    return (i, new Failure(name, name, plans[i].Quiet + TimeSpan.FromSeconds(150)));
            }

            return null;
        }
    }
}
