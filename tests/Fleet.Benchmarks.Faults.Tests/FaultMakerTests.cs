using Fleet.Benchmarks.Faults.Faults;

namespace Fleet.Benchmarks.Faults.Tests;

public sealed class FaultMakerTests
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(14);

    [Fact]
    public void Same_seed_draws_the_same_faults_and_another_others()
    {
        Make(7).ShouldBe(Make(7));
        Make(8).ShouldNotBe(Make(7));
    }

    [Fact]
    public void Every_kind_meets_every_victim_and_all_is_within_the_time()
    {
        var faults = Make(1);
        faults.Length.ShouldBe(500);
        faults.Select(fault => fault.At).ShouldBeInOrder();
        faults.ShouldAllBe(fault => fault.At >= TimeSpan.Zero && fault.At < Lasts && fault.Lasts > TimeSpan.Zero);
        faults.Select(fault => (fault.Kind, fault.Victim)).Distinct().Count().ShouldBe(2 * Enum.GetValues<VictimKind>().Length);
    }

    [Fact]
    public void Only_those_who_are_asked_for_are_met() =>
        FaultMaker.Make(1, 50, Lasts, [VictimKind.Leader]).ShouldAllBe(fault => fault.Victim == VictimKind.Leader);

    private static Fault[] Make(int seed) => [.. FaultMaker.Make(seed, 500, Lasts, Enum.GetValues<VictimKind>())];
}
