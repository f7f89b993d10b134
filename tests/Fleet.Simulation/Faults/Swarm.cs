using System.Collections.Immutable;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;
using Fleet.Testing;

namespace Fleet.Simulation.Faults;

/// <summary>
/// Worlds of any shape with any trouble: each seed takes a random part of all kinds of fault, in random strength (swarm testing; Groce, Zhang, Eide,
/// Chen, Regehr: ISSTA 2012). A world in which everything goes wrong at once hides what a world with two kinds of trouble shows.
/// </summary>
public static class Swarm
{
    /// <summary>In one of four worlds there is trouble from the first moment on.</summary>
    private static readonly TimeSpan Formed = TimeSpan.FromSeconds(2);

    /// <summary>How much of the time is left for healing.</summary>
    private static readonly TimeSpan Healing = TimeSpan.FromSeconds(25);

    /// <summary>What struck so long ago has only begun.</summary>
    private static readonly TimeSpan Abruptly = TimeSpan.FromSeconds(1);

    /// <param name="minutes">How long the world lasts, healing included.</param>
    /// <param name="kinds">Only these; all when it is empty.</param>
    /// <param name="nodes">So many; by chance when it is null.</param>
    /// <param name="coordinators">So many; by chance when it is null.</param>
    public static FaultPlan Plan(int seed, double minutes, IReadOnlyCollection<string> kinds, int? nodes, int? coordinators = null)
    {
        var chance = new Random(seed);
        var settings = Settings(seed, chance, nodes);
        var end = TimeSpan.FromMinutes(minutes) - Healing;
        var usual = FaultKinds.All.Keys.Where(k => k != FaultKinds.Leadership && !FaultKinds.OfSeveral.Contains(k));
        string[] known = [.. usual.Where(k => kinds.Count == 0 || kinds.Contains(k))];
        string[] chosen = [.. known.Where(_ => chance.Next(4) == 0)];
        if (chosen.Length == 0 && known.Length > 0)
            chosen = [known[chance.Next(known.Length)]];
        var begin = chance.Next(4) == 0 ? TimeSpan.Zero : Formed;
        var longest = chance.Next(3) == 0 ? 10_000 : 3_000;
        var faults = Enumerable.Range(0, chosen.Length == 0 ? 0 : chance.Next(3, 40)).SelectMany(_ =>
        {
            // Often enough while the fleet forms, which takes two seconds of so many.
            var at = begin < Formed && chance.Next(3) == 0 ? Formed * chance.NextDouble() : Formed + ((end - Formed) * chance.NextDouble());
            return Trouble(at);
        }).ToImmutableArray();
        // Half of the worlds are mended in the midst of trouble, the others when most of it has passed.
        var isAbrupt = chance.Next(2) == 0 && chosen.Length > 0;
        var all = isAbrupt ? [.. faults.AddRange(Trouble(end - (Abruptly * chance.NextDouble()))).Where(f => f.At <= end)] : faults;
        var quiet = all.Select(f => f.At + f.Lasts).Append(end).Max() + (isAbrupt ? TimeSpan.Zero : TimeSpan.FromMilliseconds(longest));
        var plan = new FaultPlan(settings, [.. all.OrderBy(f => f.At)], quiet);
        if (Several(seed, kinds, coordinators) is var (count, dice))
            return WithCoordinators(plan, count, dice, kinds, end, longest);
        return Leads(seed, kinds) is { } leading ? WithLeadership(plan, leading, end, longest) : plan;

        IEnumerable<Fault> Trouble(TimeSpan at) => FaultKinds.All[chosen[chance.Next(chosen.Length)]](new FaultScene(chance, settings, at, longest));
    }

    /// <summary>In one of three worlds there are several coordinators. That, too, is drawn from dice of its own.</summary>
    private static (int Count, Random Dice)? Several(int seed, IReadOnlyCollection<string> kinds, int? coordinators)
    {
        var dice = new Random(seed ^ 0x5E7E2A1);
        var isSeveral = dice.Next(3) == 0 && kinds.Count == 0;
        var count = coordinators ?? (isSeveral || kinds.Any(FaultKinds.OfSeveral.Contains) ? (dice.Next(3) == 0 ? 2 : 3) : 1);
        return count > 1 ? (count, dice) : null;
    }

    /// <summary>Trouble with coordinators and their store comes on top of all the rest, some kinds of it in each world.</summary>
    private static FaultPlan WithCoordinators(
        FaultPlan plan, int count, Random dice, IReadOnlyCollection<string> kinds, TimeSpan end, int longest)
    {
        var settings = plan.Settings with { Coordinators = count };
        var possible = FaultKinds.OfSeveral.Concat(FaultKinds.OfEach);
        string[] known = [.. possible.Where(k => kinds.Count == 0 || kinds.Contains(k)).Order(StringComparer.Ordinal)];
        string[] chosen = [.. known.Where(_ => dice.Next(3) == 0)];
        if (chosen.Length == 0 && known.Length > 0)
            chosen = [known[dice.Next(known.Length)]];
        var trouble = Enumerable.Range(0, chosen.Length == 0 ? 0 : dice.Next(3, 30)).SelectMany(_ =>
        {
            var at = Formed + ((end - Formed) * dice.NextDouble());
            return FaultKinds.All[chosen[dice.Next(chosen.Length)]](new FaultScene(dice, settings, at, longest));
        });
        return plan with { Settings = settings, Faults = [.. plan.Faults.Concat(trouble).OrderBy(f => f.At)] };
    }

    /// <summary>
    /// In one of eight worlds leadership runs out unless it is renewed. That is drawn beside the rest, from dice of its own: the worlds of all other
    /// seeds stay as they were.
    /// </summary>
    private static Random? Leads(int seed, IReadOnlyCollection<string> kinds)
    {
        var chance = new Random(seed ^ 0x1EADE2);
        return chance.Next(8) == 0 && kinds.Count == 0 || kinds.Contains(FaultKinds.Leadership) ? chance : null;
    }

    private static FaultPlan WithLeadership(FaultPlan plan, Random chance, TimeSpan end, int longest)
    {
        var settings = plan.Settings with { Leadership = TimeSpan.FromMilliseconds(chance.Next(300, 3000)) };
        var trouble = Enumerable.Range(0, chance.Next(2, 20)).SelectMany(_ =>
        {
            var at = Formed + ((end - Formed) * chance.NextDouble());
            return FaultKinds.All[FaultKinds.Leadership](new FaultScene(chance, settings, at, longest));
        });
        return plan with { Settings = settings, Faults = [.. plan.Faults.Concat(trouble).OrderBy(f => f.At)] };
    }

    /// <summary>Most mistakes show in small fleets, which are played in a tenth of the time; some need many nodes.</summary>
    private static int Count(Random chance) => chance.Next(300) switch
    {
        0 => chance.Next(13, 61),
        < 15 => chance.Next(6, 13),
        < 85 => chance.Next(4, 6),
        _ => chance.Next(2, 4),
    };

    private static WorldSettings Settings(int seed, Random chance, int? nodes)
    {
        var count = nodes ?? Count(chance);
        // Few are nearly full: their planning costs most.
        var vips = count is > 2 and < 6 && chance.Next(8) == 0 ? chance.Next(10 * (count - 1), 20 * (count - 1)) : chance.Next(1, 6 * count);
        return new WorldSettings
        {
            Seed = seed,
            Nodes = count,
            Domains = chance.Next(0, 4),
            Sites = chance.Next(4) switch { 0 => ["ams", "fra"], 1 when count > 5 => ["ams", "fra", "lon"], _ => ["here"] },
            ClockPpmMax = chance.Next(4) == 0 ? 50_000 : 500,
            Operators = chance.Next(2) == 0 ? chance.Next(1, 4) : 0,
            Clients = chance.Next(2) == 0 ? chance.Next(1, 4) : 0,
            Spares = chance.Next(3) > 0,
            SnapshotEvery = chance.Next(3) == 0 ? chance.Next(3, 30) : 1000,
            StartApart = chance.Next(3) == 0 ? TimeSpan.FromMilliseconds(chance.Next(1000)) : TimeSpan.Zero,
            Policy = FleetPolicy.Default with
            {
                Protection = new Protection(chance.Next(1, 3), chance.Next(4) == 0 ? 1 : 0, 1),
                VipPool = ["10.0.0.0/16"],
                Zone = GslbZone.Default with { HoldDownMs = 2000 },
            },
            Services =
            [
                .. Enumerable
                    .Range(0, chance.Next(4) == 0 ? 3 : 1)
                    .Select(i => Build.Service($"web{i}", Build.Vips(Math.Max(1, vips / (i + 1)), first: 1 + (i * 1000)))),
            ],
        };
    }
}
