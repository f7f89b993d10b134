using System.Collections.Immutable;
using System.Globalization;
using Fleet.Coordinator.Commands;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Testing;
using Fleet.Testing.Linearizability;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// Operators who change the same few services and read them, some only if the fleet is as they know it, some what cannot be; while all that befalls
/// the world befalls it. They ask any coordinator. What all of them were told must be what one fleet can have told that does one command after the
/// other and forgets none.
/// </summary>
public sealed class SimOperators(World world)
{
    private const int Services = 3;
    private const int FirstVip = 40_000;

    private static readonly ImmutableArray<ServiceName> Names = [.. Enumerable.Range(0, Services).Select(i => new ServiceName($"op{i}"))];

    private readonly Recorder _recorder = new();
    private bool _isOver;

    public void Begin(int count)
    {
        for (var i = 0; i < count; i++)
            Next(new Operator($"operator-{i}"));
    }

    /// <summary>They have seen enough.</summary>
    public void End() => _isOver = true;

    public void Check()
    {
        if (HistoryChecker.Check(_recorder.History) is { IsRight: false } wrong)
            throw new CheckFailedException(world, $"What operators were told has no order that explains it: {wrong}");
    }

    private void Next(Operator one) => world.After(TimeSpan.FromMilliseconds(world.Chance.Next(100, 5_000)), () =>
    {
        if (!_isOver)
            Act(one);
    });

    private void Act(Operator one)
    {
        var service = Names[world.Chance.Next(Services)];
        var ifVersion = world.Chance.Next(3) == 0 ? one.Known : null;
        switch (world.Chance.Next(8))
        {
            case < 3:
                Call(
                    one,
                    Operation.Read,
                    told => Any().Look(Seen, (seen, why) => told(seen is null ? Refused(why!) : new Outcome.Saw(seen), seen?.Version)));
                break;
            case < 6:
                var wanted = Wanted(service, world.Chance.Next(5));
                Ask(one, Operation.Apply(service, Digest(wanted), ifVersion), new Command.ApplyService(wanted), ifVersion);
                break;
            case 6:
                Ask(one, Operation.Remove(service, ifVersion), new Command.RemoveService(service), ifVersion);
                break;
            default:
                // Another's VIP: whoever is there keeps it.
                var greedy = Wanted(service, 9) with { Vips = [Build.Vip(FirstVip + ((service == Names[0] ? 1 : 0) * 10))] };
                Ask(one, Operation.Apply(service, Digest(greedy), ifVersion), new Command.ApplyService(greedy), ifVersion);
                break;
        }
    }

    private void Ask(Operator one, Operation operation, Command command, MapVersion? ifVersion) => Call(one, operation, told =>
        Any().Ask(command, result => told(OutcomeOf(result), result.Version), ifVersion));

    private void Call(Operator one, Operation operation, Action<Action<Outcome, MapVersion?>> ask)
    {
        var token = _recorder.Invoke(one.Name, operation, world.Now);
        ask((outcome, version) =>
        {
            one.Known = version ?? one.Known;
            world.Tally.Count($"operator-{outcome.GetType().Name.ToLowerInvariant()}");
            if (outcome is not Outcome.Unknown)
                _recorder.Return(token, outcome, world.Now);
            else
                _recorder.Unknown(token, world.Storage is null && world.Coordinator.Process.Life is null ? world.Now : null);
            Next(one);
        });
    }

    /// <summary>Whoever does not lead sends them on.</summary>
    private SimCoordinator Any() =>
        world.Coordinators is [var only] ? only : world.Coordinators[world.Chance.Next(world.Coordinators.Length)];

    private static Outcome OutcomeOf((Decision Decision, MapVersion? Version) told) => told switch
    {
        (Decision.Accepted accepted, { } version) => new Outcome.Done(version, !accepted.Events.IsEmpty),
        (Decision.Refused refused, _) => Refused(refused),
        _ => throw new InvalidOperationException($"{told.Decision} says no version."),
    };

    private static Outcome Refused(Decision.Refused refused) => refused.Kind switch
    {
        RefusalKind.OutcomeUnknown => new Outcome.Unknown(),
        RefusalKind.NotFound => new Outcome.Refused(Refusal.NotThere),
        RefusalKind.Stale => new Outcome.Refused(Refusal.Stale),
        _ => new Outcome.Refused(Refusal.Rule),
    };

    private static Observation Seen(FleetMap map) => new()
    {
        Version = map.Version,
        Values = Names.ToImmutableSortedDictionary(Item.For, name => map.Services.GetValueOrDefault(name) is { } service ? Digest(service) : null),
    };

    /// <summary>How long it drains tells one from the next.</summary>
    private static Service Wanted(ServiceName name, int drain) =>
        Build.Service(name.Value, [Build.Vip(FirstVip + (Names.IndexOf(name) * 10))]) with { DrainTimeoutMs = 1000 + drain };

    private static string Digest(Service service) => service.DrainTimeoutMs.ToString(CultureInfo.InvariantCulture) + string.Join(' ', service.Vips);

    private sealed class Operator(string name)
    {
        public string Name => name;

        /// <summary>The last version it was told.</summary>
        public MapVersion? Known { get; set; }
    }
}
