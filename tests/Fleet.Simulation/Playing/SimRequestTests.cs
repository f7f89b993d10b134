namespace Fleet.Simulation.Playing;

public sealed class SimRequestTests
{
    private static readonly SimRequest Seed = new() { Seed = 17 };
    private static readonly SimRequest Plan = new() { Plan = "artifacts/sim/seed-17.plan" };

    public static TheoryData<SimRequest, string> Refused => new()
    {
        { new SimRequest { Trace = true }, "--trace is for one world" },
        { new SimRequest { Shrink = true }, "--shrink is for one world" },
        { new SimRequest { Record = "a-story" }, "--record is for one world" },
        { Seed with { Plan = "some.plan" }, "--seed or --plan" },
        { Plan with { Minutes = 3 }, "are for seeds" },
        { Plan with { Faults = ["cut"] }, "are for seeds" },
        { Seed with { Seeds = 10 }, "--seeds and --from are for many" },
        { Seed with { Trace = true, Shrink = true }, "--trace goes alone" },
        { Seed with { ShrinkMinutes = 3 }, "--shrink-minutes is for --shrink" },
        { Seed with { Shrink = true, ShrinkMinutes = 0 }, "--shrink-minutes is more" },
        { Seed with { Record = "A story" }, "no name for a story" },
        { Seed with { Record = "../a" }, "no name for a story" },
        { new SimRequest { Faults = ["cut", "kil"] }, "no such kind of trouble: kil. There are apply" },
        { new SimRequest { Seeds = 0 }, "at least one world" },
        { new SimRequest { Nodes = 0 }, "--nodes" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_meant_is_refused_with_what_could(SimRequest request, string refusal) =>
        request.Refusal().ShouldNotBeNull().ShouldContain(refusal);

    [Fact]
    public void What_can_be_meant_is_not()
    {
        var all = Plan with { Shrink = true, ShrinkMinutes = 1, Record = "a-node-dies" };
        foreach (var request in (SimRequest[])[new(), Seed, Plan, Seed with { Trace = true }, Plan with { Trace = true }, all])
            request.Refusal().ShouldBeNull();
    }

    [Fact]
    public void Failure_says_the_seed_the_commit_and_what_to_type()
    {
        var told = new SimRequest { Faults = ["cut", "stop"], Nodes = 3, Minutes = 1.5 }.Options.Failure(17, "VIP 10.0.0.1 is served by two.");
        told.ShouldBe(
            $"""
            Seed 17 fails: VIP 10.0.0.1 is served by two.
                Commit:  {Commit.Here}
                Again:   ./fleet sim --seed 17 --minutes 1.5 --faults cut,stop --nodes 3 --trace
                Smaller: ./fleet sim --seed 17 --minutes 1.5 --faults cut,stop --nodes 3 --shrink
            """);
    }
}
