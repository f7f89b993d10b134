using System.Collections.Immutable;
using System.Net.Sockets;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Net;
using Fleet.Simulation.Worlds;
using Fleet.Testing;

namespace Fleet.Simulation;

/// <summary>
/// Two sites, one service over both whose VIPs are bound to their sites, any one node may fail. The coordinator is reached by fra; ams is what gets
/// cut off. With an even seed each has three nodes. With an odd one ams has six and fra two, so most nodes of ams have their witnesses at home, where
/// these hear them: they cannot be proven lost.
/// </summary>
public sealed class SiteTests
{
    private static readonly SiteName Ams = new("ams");
    private static readonly SiteName Fra = new("fra");
    private static readonly TimeSpan HoldDown = TimeSpan.FromMilliseconds(GslbZone.Default.HoldDownMs);

    [Fact]
    public void Every_reachable_node_knows_within_a_second_that_a_site_is_cut_off_and_it_is_answered_again_only_after_the_hold_down() =>
        Cases.Play([1, 2, 3, 4, 5], CutOff);

    [Fact]
    public void Site_that_flaps_for_two_minutes_is_held_once_and_released_once_and_its_clients_change_sites_twice() =>
        Cases.Play([(1, 1000), (2, 1000), (3, 600), (4, 3000)], Flap);

    private static void CutOff(int seed)
    {
        var world = Formed(seed);
        Reachable(world).ShouldAllBe(map => Answered(map) == Ams, "clients of ams are answered from there");
        new CutSite(world.Elapsed, "ams").Strike(world);
        var cut = world.Elapsed;
        world.RunUntil(() => Reachable(world).All(IsGivenUp), TimeSpan.FromSeconds(1)).ShouldBeTrue();
        var known = world.Elapsed - cut;
        Reachable(world).ShouldAllBe(map => Answered(map) == Fra);
        world.Run(TimeSpan.FromSeconds(20));
        world.Store.Folded.Map.Nodes.Values.Count(n => n.Suspected).ShouldBeGreaterThanOrEqualTo(seed % 2 == 1 ? 3 : 0);
        Reachable(world).ShouldAllBe(map => IsGivenUp(map) && Answered(map) == Fra);
        IsAtHome(world).ShouldBeTrue("no VIP leaves its site");

        new Heal(world.Elapsed).Strike(world);
        var healed = world.Elapsed;
        world.Run(HoldDown - TimeSpan.FromMilliseconds(100));
        Maps(world).ShouldAllBe(map => map.SiteOf(Ams).HeldDown && Answered(map) == Fra);
        Maps(world).SelectMany(map => map.Nodes.Values).ShouldAllBe(n => SiteObservations.IsIn(n), "they are there, and wait");
        world.RunUntil(() => Maps(world).All(map => map.Sites.IsEmpty), TimeSpan.FromSeconds(10)).ShouldBeTrue();
        Console.WriteLine(
            $"seed {seed}: known everywhere {known.TotalMilliseconds:0} ms after the cut, answered again "
            + $"{(world.Elapsed - healed).TotalSeconds:0.0} s after it was mended");
        Maps(world).ShouldAllBe(map => Answered(map) == Ams);
        world.RunUntil(() => Healed.Lacks(world) is null, TimeSpan.FromSeconds(60)).ShouldBeTrue();
        Changes(world).Length.ShouldBe(2);
    }

    private static void Flap((int Seed, int Ms) flapping)
    {
        var (seed, ms) = flapping;
        var world = Formed(seed);
        var half = TimeSpan.FromMilliseconds(ms);
        var end = world.Elapsed + TimeSpan.FromMinutes(2);
        for (var at = world.Elapsed; at < end; at += 2 * half)
            world.Schedule([new CutSite(at, "ams"), new Heal(at + half)]);
        var answers = new AnswerLog(world);
        world.RunUntil(answers.Look, TimeSpan.FromMinutes(2) + half);
        answers.Sites.ShouldBe([Ams, Fra]);
        Changes(world).Length.ShouldBe(1);
        Changes(world).ShouldAllBe(c => c is FleetEvent.SitesHeldDown);
        IsAtHome(world).ShouldBeTrue();
        world.RunUntil(() => answers.Look() || Maps(world).All(map => map.Sites.IsEmpty), TimeSpan.FromSeconds(60) + HoldDown)
            .ShouldBeTrue("a node that keeps failing comes back after a minute at most");
        var next = 0L;
        world.RunUntil(
            () => answers.Look() || (world.Now >= next && (next = world.Now + 100_000) > 0 && Healed.Lacks(world) is null), TimeSpan.FromMinutes(7))
            .ShouldBeTrue(Healed.Lacks(world));
        answers.Sites.ShouldBe([Ams, Fra, Ams]);
        Changes(world).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Leader_that_is_cut_off_from_everybody_and_comes_back_has_held_no_site_and_moved_nothing(int seed)
    {
        var world = Formed(seed);
        var owners = Owners(world);
        foreach (var node in world.Nodes.Keys)
            new Cut(world.Elapsed, node.Value, Network.Coordinator, BothWays: true).Strike(world);
        world.Run(TimeSpan.FromSeconds(8));
        world.Store.Folded.Map.Nodes.Values.ShouldAllBe(n => n.Suspected, "it hears nobody");
        new Heal(world.Elapsed).Strike(world);
        world.Run(TimeSpan.FromSeconds(10));
        Maps(world).SelectMany(map => map.Nodes.Values).ShouldAllBe(n => SiteObservations.IsIn(n));
        Changes(world).ShouldBeEmpty();
        Owners(world).ShouldBe(owners);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void New_leader_calls_nobody_silent_who_is_on_the_way_to_it(int seed)
    {
        var world = Formed(seed);
        var before = world.Store.Entries.Length;
        new KillCoordinator(world.Elapsed).Strike(world);
        world.Run(TimeSpan.FromSeconds(5));
        new StartCoordinator(world.Elapsed).Strike(world);
        world.Run(TimeSpan.FromSeconds(10));
        world.Store.Entries
            .Skip(before)
            .SelectMany(e => e.Events)
            .ShouldNotContain(e => e is FleetEvent.NodesSuspected || e is FleetEvent.SitesHeldDown || e is FleetEvent.NodeLost);
    }

    [Fact]
    public void Leader_that_was_stopped_calls_nobody_silent_when_it_wakes()
    {
        var world = Formed(1);
        var before = world.Store.Entries.Length;
        new PauseCoordinator(world.Elapsed, TimeSpan.FromSeconds(3)).Strike(world);
        world.Run(TimeSpan.FromSeconds(10));
        world.Store.Entries
            .Skip(before)
            .SelectMany(e => e.Events)
            .ShouldNotContain(e => e is FleetEvent.NodesSuspected || e is FleetEvent.SitesHeldDown);
    }

    private static World Formed(int seed)
    {
        var (ams, fra, atAms) = seed % 2 == 0 ? (3, 3, 6) : (6, 2, 9);
        var bound = ImmutableSortedDictionary<SiteName, ImmutableArray<VipAddress>>.Empty
            .Add(Ams, Build.Vips(atAms)).Add(Fra, Build.Vips(12 - atAms, first: atAms + 1));
        var world = new World(new WorldSettings
        {
            Seed = seed,
            Nodes = seed % 2 == 0 ? ams + fra : ams,
            Sites = [.. Enumerable.Repeat("ams", ams), .. Enumerable.Repeat("fra", fra)],
            Services = [Build.Service("web", Build.Vips(12)) with { SiteVips = bound }],
        });
        if (seed % 2 != 0)
        {
            // Who comes first is witnessed by those who are there, and keeps its witnesses.
            world.RunUntil(() => world.Store.Folded.Map.Nodes.Count == ams, TimeSpan.FromSeconds(10)).ShouldBeTrue();
            world.Run(TimeSpan.FromSeconds(1));
            for (var i = 1; i <= fra; i++)
                world.AddNode($"adc-{ams + i}").Start();
        }

        world.RunUntil(() => world.Now > 5_000_000 && Healed.Lacks(world) is null, TimeSpan.FromSeconds(30)).ShouldBeTrue(Healed.Lacks(world));
        IsAtHome(world).ShouldBeTrue();
        return world;
    }

    /// <summary>The maps that nodes on the leader's side work by, and the leader's.</summary>
    private static IEnumerable<FleetMap> Reachable(World world) => Maps(world, n => n.Facts.Site != Ams);

    private static IEnumerable<FleetMap> Maps(World world, Func<SimNode, bool>? which = null) =>
        world.Nodes.Values.Where(which ?? (_ => true)).Select(n => n.Reactor!.Map).Append(world.Coordinator.Leader!.State.Map);

    private static bool IsGivenUp(FleetMap map) =>
        map.SiteOf(Ams).HeldDown && map.Nodes.Values.All(n => n.Facts.Site != Ams || !SiteObservations.IsIn(n));

    private static bool IsAtHome(World world)
    {
        var map = world.Store.Folded.Map;
        return map.Vips.Values.All(v => v.Owner is not { } owner || map.Nodes[owner].Facts.Site == v.Site);
    }

    private static Dictionary<VipAddress, NodeName?> Owners(World world) => world.Store.Folded.Map.Vips.ToDictionary(v => v.Key, v => v.Value.Owner);

    private static ImmutableArray<FleetEvent> Changes(World world) =>
        [.. world.Store.Entries.SelectMany(e => e.Events).Where(e => e is FleetEvent.SitesHeldDown or FleetEvent.SitesReleased)];

    /// <summary>The site that clients of ams are answered from; null is none, or more than one.</summary>
    private static SiteName? Answered(FleetMap map)
    {
        var web = map.Services.Values.Single();
        var candidates = Candidates.ForService(map, web, map.Vips.Values);
        var sites = SiteOrder
            .Choose(map.Sites, web.Gslb, candidates, AddressFamily.InterNetwork, Ams).First
            .Select(i => candidates[i].Site)
            .Distinct()
            .ToArray();
        return sites is [{ } only] ? only : null;
    }

    /// <summary>Where a node of fra answers clients of ams from, each time it is somewhere else.</summary>
    private sealed class AnswerLog(World world)
    {
        private readonly SimNode _node = world.Nodes.Values.First(n => n.Facts.Site == Fra);
        private FleetMap? _looked;

        public List<SiteName?> Sites { get; } = [];

        /// <summary>Never true: it goes on looking.</summary>
        public bool Look()
        {
            var map = _node.Reactor!.Map;
            if (ReferenceEquals(map, _looked))
                return false;
            _looked = map;
            var now = Answered(map);
            if (Sites.Count == 0 || Sites[^1] != now)
                Sites.Add(now);
            return false;
        }
    }
}
