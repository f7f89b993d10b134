using Fleet.Simulation.Faults;
using Fleet.Simulation.Plans;

namespace Fleet.Simulation.Shrinking;

/// <summary>With real worlds. What is cut off after the trouble should have ended is never healed.</summary>
public sealed class ParallelTrialsTests
{
    private const string World =
        """
        seed 4
        nodes 3
        domains 2
        service web:10.0.0.1-10.0.0.3
        quiet 4s
        2s kill-agent node=adc-3
        2.4s pause node=adc-1 for=300ms with-relay=true
        3s start node=adc-3
        """;

    private static readonly FaultPlan Well = PlanText.Read(World);
    private static readonly FaultPlan Ill = PlanText.Read(World + "\n4.5s cut-off node=adc-2");

    [Fact]
    public void First_that_fails_is_found_wherever_others_fail_too()
    {
        var name = ParallelTrials.Play(Ill).ShouldNotBeNull().Name;
        name.ShouldBe("After # s of quiet: # is not up in the map");
        var trials = new ParallelTrials(CancellationToken.None);
        trials.First([Well, Well, Ill, Well, Ill, Ill], name).ShouldNotBeNull().Index.ShouldBe(2);
        trials.First([Well, Ill], "another").ShouldBeNull();
        trials.First([], name).ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_played_once_it_is_over()
    {
        var trials = new ParallelTrials(new CancellationToken(canceled: true));
        trials.First([Ill], "any").ShouldBeNull();
        trials.Played.ShouldBe(0);
    }

    [Fact]
    public void World_that_nobody_wants_to_know_about_any_more_is_given_up()
    {
        var asked = 0;
        ParallelTrials.Play(Ill, () => ++asked > 1000).ShouldBeNull();
        asked.ShouldBe(1001);
    }

    /// <summary>However far it comes on a busy machine.</summary>
    [Fact]
    public void Real_world_that_was_shrunk_fails_by_the_same_law_and_the_time_is_kept()
    {
        var failure = ParallelTrials.Play(Ill).ShouldNotBeNull();
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        var small = new Shrinker(new ParallelTrials(over.Token)).Shrink(new Found(Ill, failure));
        ParallelTrials.Play(small.Plan).ShouldNotBeNull().Name.ShouldBe(failure.Name);
        small.Plan.Faults.ShouldContain(f => f is CutOff);
    }
}
