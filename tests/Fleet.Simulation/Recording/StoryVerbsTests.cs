using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Stories;
using Fleet.Simulation.Worlds;
using Fleet.Testing;

namespace Fleet.Simulation.Recording;

public sealed class StoryVerbsTests
{
    private static readonly TimeSpan Span = TimeSpan.FromMilliseconds(1250);

    public static TheoryData<Fault> Known =>
    [
        new KillCoordinator(default),
        new StartCoordinator(default),
        new PauseCoordinator(default, Span),
        new KillCoordinator(default, "coordinator-2"),
        new StartCoordinator(default, "coordinator-2"),
        new PauseCoordinator(default, Span, "coordinator-3"),
        new PowerOffCoordinator(default, "coordinator-1"),
        new TerminateCoordinator(default),
        new TerminateCoordinator(default, "coordinator-1"),
        new CutFromStore(default, Span, CutWay.Both),
        new CutFromStore(default, Span, CutWay.In, "coordinator-2"),
        new CutFromNodes(default, Span, CutWay.Out, "coordinator-2"),
        new CutFromCoordinators(default, Span, CutWay.Out, "coordinator-2"),
        new TakeStoreAway(default, Span, Refuses: true),
        new TakeStoreAway(default, Span, Refuses: false),
        new SlowStore(default, Span, 300),
        new MuddleStore(default, Span, 0.5),
        new LoseSession(default),
        new Depose(default),
        new Kill(default, "adc-1"),
        new KillAgent(default, "adc-1"),
        new KillRelay(default, "adc-1"),
        new PauseRelay(default, "adc-1", Span),
        new PowerOffCoordinator(default),
        new PowerOff(default, "adc-1"),
        new Pause(default, "adc-1", Span, WithRelay: true),
        new Pause(default, "adc-1", TimeSpan.FromMilliseconds(0.5), WithRelay: false),
        new CutOff(default, "adc-1"),
        new Cut(default, "adc-1", "coordinator", BothWays: true),
        new Cut(default, "adc-1", "adc-2", BothWays: false),
        new CutSite(default, "here"),
        new Heal(default),
        new Join(default, "adc-7"),
        new Stop(default, "adc-1"),
        new Lose(default, 0.25),
        new StoreDown(default, Span),
        new FillDisk(default, Span),
        new LoseRenewals(default, Span),
        new SlowRenewals(default, Span, 300),
        new RefuseRenewals(default),
        new FailNodeDisk(default, "adc-1", Span),
        new FailBinds(default, "adc-1", Span),
        new FailPlane(default, "adc-1", Span, PlaneTrouble.HalfDone),
        new FailPlane(default, "adc-1", Span, PlaneTrouble.Hangs),
        new FailPlane(default, "adc-1", Span, PlaneTrouble.Silent),
    ];

    /// <summary>What an operator does, and what is begun again.</summary>
    public static TheoryData<Fault> Asked =>
    [
        new Start(default, "adc-1"),
        new Intend(default, "adc-1", NodeIntent.Draining),
        new Intend(default, "adc-1", NodeIntent.Active),
        new Intend(default, "adc-1", NodeIntent.Leaving, Force: true),
        new Remove(default, new ServiceName("web")),
        new Apply(default, Build.Service("web", Build.Vips(2))),
    ];

    [Theory]
    [MemberData(nameof(Known))]
    public void Story_teller_understands_the_verb_as_the_same_fault(Fault fault)
    {
        var line = StoryVerbs.ForFault(fault).ShouldHaveSingleItem();
        var world = new World(new WorldSettings { Seed = 1, Nodes = 2 });
        StoryFaults.Parse(line.Split(' '), world).ShouldHaveSingleItem().ShouldBe(fault);
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public void Story_teller_has_the_verb(Fault fault) =>
        new StoryTeller().Tell($"nodes 2\n{StoryVerbs.ForFault(fault).ShouldHaveSingleItem()}").ShouldNotBeEmpty();

    [Fact]
    public void Several_that_join_are_so_many_lines() =>
        StoryVerbs.ForFault(new Join(default, "adc-4", 3)).ShouldBe(["join adc-4", "join adc-5", "join adc-6"]);

    [Fact]
    public void What_has_no_verb_has_no_line() => StoryVerbs.ForFault(new Repeat(default, 0.5)).ShouldBeEmpty();
}
