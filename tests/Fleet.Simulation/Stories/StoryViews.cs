using System.Collections.Immutable;
using System.Net.Sockets;
using Fleet.Coordinator.Api;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Stories;

/// <summary>What stories show of a world, in lines. Moves, outages and events are those since they were shown last.</summary>
public sealed class StoryViews(World world)
{
    /// <summary>More ways than these are counted together.</summary>
    private const int WaysMax = 12;

    private int _told;
    private ImmutableSortedDictionary<VipAddress, VipEntry> _shown = ImmutableSortedDictionary<VipAddress, VipEntry>.Empty;

    private FleetMap Map => world.Store.Folded.Map;

    /// <summary>What was before is not of this story.</summary>
    public void Begin()
    {
        _told = world.Store.Entries.Length;
        _shown = Map.Vips;
        world.Service.TakeLongest();
    }

    public ImmutableArray<string> Show(string[] what) => what switch
    {
        ["events"] => Events(""),
        ["events", "about", .. var words] => Events(string.Join(' ', words)),
        ["owners"] => [.. Owners()],
        ["shares"] => Shares(),
        ["moves"] => Moves(),
        ["outage"] => [.. Outage()],
        ["map"] => Maps(),
        ["leader"] => [world.Coordinator.Leader is { } leader ? $"the leader of term {leader.Term} answers" : "nobody answers as a leader"],
        ["coordinators"] => [.. world.Coordinators.Select(c => $"{c.Name}  {StateOf(c)}")],
        ["witnesses"] => [.. Map.Nodes.Values.Select(n => $"{n.Name}  is witnessed by {string.Join(", ", n.Witnesses)}")],
        ["backends"] => [.. Backends()],
        ["answers"] => Answers(null),
        ["answers", "at", var site] => Answers(new SiteName(site)),
        _ => throw new InvalidOperationException($"There is no view {string.Join(' ', what)}."),
    };

    /// <summary>In steps wide enough that a recorded story outlives a change of a few milliseconds.</summary>
    public static string Rounded(TimeSpan span) => span.TotalSeconds switch
    {
        0 => "at once",
        <= 1 => "within a second",
        <= 5 => "within 5 s",
        <= 15 => "within 15 s",
        <= 30 => "within 30 s",
        _ => "within two minutes",
    };

    public static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    /// <summary>What the journal says, but for what happens all the time; of that what has the words in it.</summary>
    private ImmutableArray<string> Events(string words)
    {
        var entries = world.Store.Entries.Skip(_told).ToArray();
        _told = world.Store.Entries.Length;
        ImmutableArray<string> said =
        [
            .. from entry in entries
               from happened in entry.Events
               where happened is not (FleetEvent.StandbysNamed or FleetEvent.WitnessesNamed or FleetEvent.WitnessesConfirmed or FleetEvent.WeightsSet
                   or FleetEvent.VerdictsChanged or FleetEvent.PolicySet or FleetEvent.VipsServing)
               let text = happened is FleetEvent.NodeLost lost ? $"Node {lost.Node} is lost." : EventWords.Text(happened)
               where text.Contains(words, StringComparison.Ordinal)
               select text,
        ];
        return said.IsEmpty ? ["nothing"] : said;
    }

    /// <summary>For every node: what it owns in the journal's map, and how much of it its relay really serves.</summary>
    private IEnumerable<string> Owners()
    {
        foreach (var node in world.Nodes.Values)
        {
            var owned = Map.Vips.Values.Where(v => v.Owner == node.Name).Select(v => v.Address).ToArray();
            var serving = node.Relay.Serving.ToImmutableSortedSet();
            yield return $"{node.Name}  {StateOf(node.Name)}: owns {owned.Length}, serves {serving.Count}{(serving.SetEquals(owned) ? "" : " (!)")}";
        }

        if (Map.Vips.Values.Count(v => v.Owner is null) is > 0 and var homeless)
            yield return $"nobody owns {homeless}";
    }

    private static string StateOf(SimCoordinator one) => (one.Process.State, one.Leader) switch
    {
        (ProcessState.Dead, _) => "is dead",
        (ProcessState.Paused, _) => "stands still",
        (_, { } leader) => $"leads term {leader.Term}",
        _ => "does not lead",
    };

    /// <summary>The same of many nodes, those that are alike together.</summary>
    private ImmutableArray<string> Shares() =>
    [
        .. from node in world.Nodes.Values
           let owned = Map.Vips.Values.Count(v => v.Owner == node.Name)
           group node by $"{StateOf(node.Name)}: owns {owned}, serves {node.Relay.Serving.Count()}" into alike
           select $"{Count(alike.Count(), "node")}  {alike.Key}",
    ];

    private string StateOf(NodeName node) => Map.Nodes.TryGetValue(node, out var entry)
        ? $"{entry.Presence}{(entry.Suspected ? " but silent" : "")}, {Words.Describe(entry.Intent)}".ToLowerInvariant()
        : "not in the fleet";

    /// <summary>Who does not work by the newest map.</summary>
    private ImmutableArray<string> Maps()
    {
        ImmutableArray<string> late = [.. world.Nodes.Values.Where(n => n.Reactor?.Map.Version != Map.Version).Select(n => n.Name.Value)];
        return [$"term {Map.Version.Term}; {(late.IsEmpty ? "all have the newest map" : $"an older map: {string.Join(", ", late)}")}"];
    }

    /// <summary>How many VIPs have another owner.</summary>
    private ImmutableArray<string> Moves()
    {
        var vips = Map.Vips;
        var moves =
            from vip in vips.Values
            where _shown.TryGetValue(vip.Address, out var before) && before.Owner != vip.Owner
            group vip by (From: _shown[vip.Address].Owner, To: vip.Owner) into way
            orderby way.Key.From?.Value, way.Key.To?.Value
            select (From: way.Key.From?.Value ?? "nobody", To: way.Key.To?.Value ?? "nobody", Count: way.Count());
        var ways = moves.ToImmutableArray();
        _shown = vips;
        return ways switch
        {
            [] => ["none moved"],
            { Length: <= WaysMax } => [.. ways.Select(w => $"{w.Count} from {w.From} to {w.To}")],
            _ =>
                [$"{ways.Sum(w => w.Count)} from {ways.Select(w => w.From).Distinct().Count()} nodes to {ways.Select(w => w.To).Distinct().Count()}"],
        };
    }

    private IEnumerable<string> Outage()
    {
        yield return (world.Service.TakeLongest() / 1000) switch
        {
            0 => "no VIP was dark for a millisecond",
            < 20 => "no VIP was dark for 20 ms",
            < 150 => "some VIP was dark, for less than 150 ms",
            < 600 => "some VIP was dark, for less than 600 ms",
            var ms => $"some VIP was dark for {Math.Round(ms / 1000.0, 1):0.0} s",
        };
        if (Map.Vips.Keys.Except(world.Served.Now).Count() is > 0 and var dark)
            yield return $"{Count(dark, "VIP")} dark now";
    }

    /// <summary>What the fleet has agreed on, by service.</summary>
    private IEnumerable<string> Backends() =>
        from service in Map.Services.Values
        let verdicts = service.Pool.Backends.GroupBy(b => Map.VerdictOf(service.Name, b.Name))
        select $"{service.Name}: "
            + $"{string.Join("; ", verdicts.OrderBy(v => v.Key).Select(v =>
                $"{string.Join(' ', v.Select(b => b.Name))} {v.Key.ToString().ToLowerInvariant()}"))}";

    /// <summary>What each node's DNS tells clients of a site, by the map that the node has; nodes that tell the same stand together.</summary>
    private ImmutableArray<string> Answers(SiteName? client) =>
    [
        .. from node in world.Nodes.Values
           where node.Agent.IsRunning && node.Reactor is not null
           from service in node.Reactor!.Map.Services.Values
           group node.Name by $"{service.Name} is {Answer(node.Reactor!.Map, service, client)}" into alike
           select $"{string.Join(", ", alike)}: {alike.Key}",
    ];

    private static string Answer(FleetMap map, Service service, SiteName? client)
    {
        var candidates = Candidates.ForService(map, service);
        var chosen = SiteOrder.Choose(map.Sites, service.Gslb, candidates, AddressFamily.InterNetwork, client).First;
        var holders = chosen.GroupBy(i => map.Sites.IsEmpty && client is null ? candidates[i].Holder : candidates[i].Site?.Value);
        return chosen.IsEmpty ? "not answered" : $"answered with {string.Join(" and ", holders.Select(h => $"{h.Count()} VIPs of {h.Key}"))}";
    }
}
