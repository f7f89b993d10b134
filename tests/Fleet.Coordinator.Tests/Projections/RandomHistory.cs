using System.Collections.Immutable;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>
/// A stormy history from a seed: nodes come, are lost, drain and leave; services are applied and removed; VIPs move in all the ways they can. Each
/// entry follows the state before it. Leaders change, and the next one's clock may be behind.
/// </summary>
internal sealed class RandomHistory(int seed, int nodes = 12, int services = 5, int vipsEach = 8)
{
    private static readonly ImmutableArray<string> Plain =
        ["x 1h A 192.0.2.7", "x 1h A 192.0.2.8", "mail 5m MX 10 x", "x 1h TXT \"a \\\"b\\\" c\" d", "_sip._udp 60 SRV 1 2 5060 x"];

    private readonly Random _dice = new(seed);
    private DateTimeOffset _clock = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private long _term = 1;

    public FleetState State { get; private set; } = FleetState.Empty;

    public IEnumerable<(JournalEntry Entry, FleetState After)> Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var entry = Next();
            State = Evolver.Evolve(State, entry);
            yield return (entry, State);
        }
    }

    private JournalEntry Next()
    {
        var events = ImmutableArray.CreateBuilder<FleetEvent>();
        if (State.Map.Version.Revision == 0 || _dice.Next(60) == 0)
        {
            _term++;
            _clock = _clock.AddSeconds(-_dice.Next(5));
            events.Add(new FleetEvent.TermBegun(_term, $"coordinator-{_dice.Next(3)}"));
            if (State.Map.Version.Revision == 0)
                events.Add(new FleetEvent.PolicySet(FleetPolicy.Default));
        }

        var state = Evolver.Evolve(State, events);
        for (var i = _dice.Next(1, 4); i > 0; i--)
        {
            if (Draw(state) is not { } happened)
                continue;
            events.Add(happened);
            state = Evolver.Evolve(State, events);
        }

        _clock = _clock.AddMilliseconds(_dice.Next(0, 3000));
        var by = _dice.Next(4) == 0 ? Build.By : Principal.Leader;
        return new JournalEntry(State.Map.Version.Revision + 1, _term, _clock, by, events.ToImmutable());
    }

    private FleetEvent? Draw(FleetState state)
    {
        var map = state.Map;
        var node = Build.Name($"adc-{_dice.Next(1, nodes + 1)}");
        var known = map.Nodes.GetValueOrDefault(node);
        var service = _dice.Next(services);
        var vips = Some(map.Vips.Values);
        var owned = Some(map.Vips.Values.Where(v => v.Owner is not null));
        return _dice.Next(18) switch
        {
            0 or 1 => new FleetEvent.NodeJoined(Build.Facts(node.Value, site: _dice.Next(2) == 0 ? "here" : "there"), Build.By),
            2 when known is not null => new FleetEvent.NodeLost(node, "silent for 450 ms; \"quoted\"\nand ünïcode\0"),
            3 when known is not null => new FleetEvent.NodeReturned(node),
            4 when known is not null => new FleetEvent.NodesSuspected([node]),
            5 when known is not null => new FleetEvent.NodeIntended(node, (NodeIntent)_dice.Next(4)),
            6 when _dice.Next(6) == 0 && state.Vips.OwnedBy(node).IsEmpty => new FleetEvent.NodeForgotten(node),
            7 => new FleetEvent.ServiceApplied(
                Build.Service($"web-{service}", Build.Vips(vipsEach, 1 + (service * vipsEach))) with { DemandBps = _dice.Next(5) * Build.Gbps }),
            8 when _dice.Next(8) == 0 => new FleetEvent.ServiceRemoved(new ServiceName($"web-{service}")),
            9 when !vips.IsEmpty && Somebody(map) is { } to =>
                new FleetEvent.VipsMoved([.. vips.Select(v => new VipMove(v, to, (MoveReason)_dice.Next(8)))]),
            10 when !owned.IsEmpty => new FleetEvent.VipsServing(owned),
            11 when !owned.IsEmpty && Somebody(map) is { } to =>
                new FleetEvent.HandoversBegun([.. owned.Select(v => new VipMove(v, to, MoveReason.Balance))]),
            12 when !owned.IsEmpty => _dice.Next(3) switch
            {
                0 => new FleetEvent.VipsReleasing(owned),
                1 => new FleetEvent.HandoversCalledOff(owned),
                _ => new FleetEvent.VipsUnplaced(owned, "no node may carry them"),
            },
            13 when !vips.IsEmpty && Somebody(map) is { } first =>
                new FleetEvent.StandbysNamed([.. vips.Select(v => new VipStandbys(v, [first]))]),
            14 => new FleetEvent.VerdictsChanged(ImmutableSortedDictionary<BackendKey, Verdict>.Empty
                .Add(new BackendKey(new ServiceName($"web-{service}"), "b1"), (Verdict)_dice.Next(3))),
            15 when !vips.IsEmpty => new FleetEvent.DemandMeasured([.. vips.Select(v => new VipDemand(v, _dice.Next(1000), 0))]),
            16 when known is not null =>
                new FleetEvent.WeightsSet(ImmutableSortedDictionary<NodeName, int>.Empty.Add(node, _dice.Next(1, 256))),
            17 when _dice.Next(4) == 0 => new FleetEvent.PolicySet(
                map.Policy with { Zone = map.Policy.Zone with { Records = [.. Plain.Where(_ => _dice.Next(2) == 0)] } }),
            _ => null,
        };
    }

    private NodeName? Somebody(FleetMap map) => map.Nodes.IsEmpty ? null : map.Nodes.Keys.ElementAt(_dice.Next(map.Nodes.Count));

    private ImmutableArray<VipAddress> Some(IEnumerable<VipEntry> vips) => [.. vips.Select(v => v.Address).Where(_ => _dice.Next(3) == 0)];
}
