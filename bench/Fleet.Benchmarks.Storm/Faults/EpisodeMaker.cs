using System.Collections.Immutable;

namespace Fleet.Benchmarks.Storm.Faults;

/// <summary>What can go wrong, for the command line.</summary>
public enum FaultKind
{
    Agent,
    Relay,
    Host,
    Coordinator,
    Stop,
    Delay,
    Cut,
    Flap,
    Loss,
    Member,
    Command,

    /// <summary>A host's end in a calm fleet, alone.</summary>
    Calm,
}

/// <summary>Who is in the fleet when an episode begins.</summary>
/// <param name="Veteran">The one whose processes are never killed, so that some grow old.</param>
/// <param name="Least">Nobody leaves when no more than these are here.</param>
/// <param name="MayKillLeader">Not when it is to grow old.</param>
public sealed record Members(ImmutableArray<string> Here, ImmutableArray<string> Away, string Veteran, int Least, bool MayKillLeader);

/// <summary>Draws episodes from a seed: the same seed and the same members give the same episodes.</summary>
public sealed class EpisodeMaker(int seed, IReadOnlyList<FaultKind> kinds)
{
    public const int Services = 2;
    public const int WrongCommands = 5;
    private const int DelayMaxMs = 100;
    private const int BundleMax = 5;

    private readonly Random _chance = new(seed);
    private readonly FaultKind[] _kinds = [.. kinds.Order()];
    private readonly HashSet<string> _taken = [];

    /// <summary>Processes that stand still find most.</summary>
    private readonly FaultKind[] _rough =
    [
        .. kinds.Where(kind => kind != FaultKind.Calm).Concat(kinds.Where(kind => kind == FaultKind.Stop)).Order(),
    ];

    public Episode Next(Members members)
    {
        _taken.Clear();
        if (_kinds.Contains(FaultKind.Calm) && (_rough.Length == 0 || _chance.Next(6) == 0))
        {
            var kill = new Fault.Kill(new Place(Part.Host, Mortal(members))) { At = TimeSpan.Zero, Lasts = TimeSpan.FromSeconds(1.3) };
            return new Episode([kill], CalmKill: true);
        }

        var count = _chance.Next(2) == 0 ? 1 : _chance.Next(2, BundleMax + 1);
        var together = _chance.Next(2) == 0;
        var faults = ImmutableArray.CreateBuilder<Fault>();
        for (var tries = 0; faults.Count < count && tries < 50; tries++)
        {
            var at = together ? TimeSpan.Zero : Between(0, 2000);
            if (Make(_rough[_chance.Next(_rough.Length)], members, at) is { } fault)
                faults.Add(fault);
        }

        return new Episode(faults.ToImmutable(), CalmKill: false);
    }

    private Fault? Make(FaultKind kind, Members members, TimeSpan at) => kind switch
    {
        FaultKind.Agent => Kill(Part.Agent, Mortal(members), at),
        FaultKind.Relay => Kill(Part.Relay, Mortal(members), at),
        FaultKind.Host => Kill(Part.Host, Mortal(members), at),
        FaultKind.Coordinator => members.MayKillLeader ? Kill(Part.Coordinator, "", at) : null,
        FaultKind.Stop => Stop(members, at),
        FaultKind.Delay => Any(members) is var node && Take($"slow {node}")
            ? new Fault.Slow(
                node, _chance.Next(DelayMaxMs + 1), _chance.Next(DelayMaxMs + 1), _chance.Next(DelayMaxMs + 1))
            { At = at, Lasts = Span() }
            : null,
        FaultKind.Cut => Cut(members, at, null),
        FaultKind.Flap => Cut(members, at, Between(50, 1000)),
        FaultKind.Loss => Any(members) is var node && Take($"loss {node}")
            ? new Fault.Lossy(node, _chance.Next(1, 11) / 10.0) { At = at, Lasts = Span() }
            : null,
        FaultKind.Member => Member(members, at),
        _ => Order(members, at),
    };

    private Fault.Kill? Kill(Part part, string node, TimeSpan at) =>
        Take($"process {node}")
            ? new Fault.Kill(new Place(part, node)) { At = at, Lasts = part == Part.Relay ? TimeSpan.Zero : Between(0, 4000) }
            : null;

    private Fault.Stop? Stop(Members members, TimeSpan at)
    {
        var hosts = members.Here.Select(node => new Place(Part.Host, node)).ToImmutableArray();
        var leader = new Place(Part.Coordinator, "");
        var places = _chance.Next(8) switch
        {
            0 => [.. hosts, leader],
            1 => hosts,
            2 or 3 => [leader],
            var which => [new Place(which < 6 ? Part.Agent : which == 6 ? Part.Relay : Part.Host, Any(members))],
        };
        if (places.Any(place => _taken.Contains($"process {place.Node}")))
            return null;
        foreach (var place in places)
            Take($"process {place.Node}");
        return new Fault.Stop(places) { At = at, Lasts = Span() };
    }

    /// <summary>At most one at a time touches datagrams: two would heal each other's.</summary>
    private Fault.Cut? Cut(Members members, TimeSpan at, TimeSpan? every)
    {
        var node = Any(members);
        var lines = (Lines)_chance.Next(3);
        var direction = (Direction)_chance.Next(3);
        var lasts = Span();
        if (_taken.Contains($"link {node}") || (lines != Lines.Link && _taken.Contains("watches")))
            return null;
        Take($"link {node}");
        if (lines != Lines.Link)
            Take("watches");
        return new Fault.Cut(node, lines, direction, every) { At = at, Lasts = lasts };
    }

    private Fault? Member(Members members, TimeSpan at)
    {
        if (!members.Away.IsEmpty && (_chance.Next(2) == 0 || members.Here.Length <= members.Least))
        {
            var away = members.Away[_chance.Next(members.Away.Length)];
            return Take($"process {away}") ? new Fault.Join(away) { At = at } : null;
        }

        var node = Mortal(members);
        return members.Here.Length > members.Least && !_taken.Contains("leaves") && Take($"process {node}") && Take("leaves") && Take("intents")
            ? new Fault.Leave(node) { At = at }
            : null;
    }

    private Fault.Order? Order(Members members, TimeSpan at)
    {
        var verb = (Verb)_chance.Next(5);
        var target = verb switch
        {
            Verb.Drain or Verb.Cordon => Any(members),
            Verb.Wrong => _chance.Next(WrongCommands).ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => $"extra-{_chance.Next(Services) + 1}",
        };
        // One node at a time is taken out of service, or nobody may be left to take VIPs.
        return Take(verb is Verb.Drain or Verb.Cordon ? "intents" : $"order {target}") ? new Fault.Order(verb, target) { At = at } : null;
    }

    private bool Take(string what) => _taken.Add(what);

    private string Any(Members members) => members.Here[_chance.Next(members.Here.Length)];

    private string Mortal(Members members)
    {
        var mortals = members.Here.Remove(members.Veteran);
        return mortals[_chance.Next(mortals.Length)];
    }

    /// <summary>10 ms to 10 s, as often below 300 ms as above.</summary>
    private TimeSpan Span() => TimeSpan.FromMilliseconds(10 * Math.Pow(1000, _chance.NextDouble()));

    private TimeSpan Between(int least, int most) => TimeSpan.FromMilliseconds(_chance.Next(least, most + 1));
}
