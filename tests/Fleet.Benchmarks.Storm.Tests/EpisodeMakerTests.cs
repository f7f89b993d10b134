using System.Collections.Immutable;
using Fleet.Benchmarks.Storm.Faults;

namespace Fleet.Benchmarks.Storm.Tests;

/// <summary>Episodes are drawn, and still have laws.</summary>
public sealed class EpisodeMakerTests
{
    private static readonly FaultKind[] All = Enum.GetValues<FaultKind>();
    private static readonly Members Five = new(["adc-1", "adc-2", "adc-3", "adc-4", "adc-5"], ["adc-6"], "adc-1", 4, MayKillLeader: true);

    [Fact]
    public void The_same_seed_draws_the_same_episodes() => Texts(7).ShouldBe(Texts(7));

    [Fact]
    public void Another_seed_draws_others() => Texts(7).ShouldNotBe(Texts(8));

    [Fact]
    public void Every_kind_of_fault_is_drawn()
    {
        var faults = Draw(1, All).SelectMany(episode => episode.Faults).ToArray();
        var cases = typeof(Fault).GetNestedTypes().Count(type => type.IsSubclassOf(typeof(Fault)));
        faults.Select(fault => fault.GetType()).Distinct().Count().ShouldBe(cases);
        faults.OfType<Fault.Kill>().Select(kill => kill.Place.Part).Distinct().Count().ShouldBe(Enum.GetValues<Part>().Length);
        faults.OfType<Fault.Order>().Select(order => order.Verb).Distinct().Count().ShouldBe(Enum.GetValues<Verb>().Length);
    }

    [Fact]
    public void The_veteran_is_never_killed_nor_sent_away()
    {
        var faults = Draw(2, All).SelectMany(episode => episode.Faults).ToArray();
        faults.OfType<Fault.Kill>().ShouldNotContain(kill => kill.Place.Node == Five.Veteran);
        faults.OfType<Fault.Leave>().ShouldNotContain(leave => leave.Node == Five.Veteran);
    }

    [Fact]
    public void Nobody_does_two_things_to_one_process_in_one_episode()
    {
        foreach (var episode in Draw(3, All))
        {
            var nodes = episode.Faults.SelectMany(fault => fault switch
            {
                Fault.Kill kill => [kill.Place.Node],
                Fault.Stop stop => stop.Places.Select(place => place.Node),
                Fault.Join join => [join.Node],
                Fault.Leave leave => [leave.Node],
                _ => Enumerable.Empty<string>(),
            }).ToArray();
            nodes.Distinct().Count().ShouldBe(nodes.Length, string.Join("; ", episode.Faults.Select(fault => fault.Text)));
        }
    }

    [Fact]
    public void Only_what_was_asked_for_is_drawn() =>
        Draw(4, [FaultKind.Stop, FaultKind.Loss]).SelectMany(episode => episode.Faults)
            .ShouldAllBe(fault => fault is Fault.Stop || fault is Fault.Lossy);

    [Fact]
    public void A_kill_in_calm_is_alone()
    {
        var calm = Draw(5, All).Where(episode => episode.CalmKill).ToArray();
        calm.ShouldNotBeEmpty();
        calm.ShouldAllBe(episode => episode.Faults.Length == 1);
    }

    [Fact]
    public void A_leader_that_is_to_grow_old_is_not_killed()
    {
        var maker = new EpisodeMaker(6, All);
        var faults = Enumerable.Range(0, 500).SelectMany(_ => maker.Next(Five with { MayKillLeader = false }).Faults);
        faults.OfType<Fault.Kill>().ShouldNotContain(kill => kill.Place.Part == Part.Coordinator);
    }

    private static string[] Texts(int seed) => [.. Draw(seed, All).SelectMany(episode => episode.Faults).Select(fault => $"{fault.At} {fault.Text}")];

    private static ImmutableArray<Episode> Draw(int seed, IReadOnlyList<FaultKind> kinds)
    {
        var maker = new EpisodeMaker(seed, kinds);
        return [.. Enumerable.Range(0, 500).Select(_ => maker.Next(Five))];
    }
}
