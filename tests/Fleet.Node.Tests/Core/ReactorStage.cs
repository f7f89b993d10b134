using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

/// <summary>Node adc-1 with the witnesses adc-2, adc-3 and adc-4, its clock in milliseconds.</summary>
public abstract class ReactorStage
{
    private protected Reactor Node { get; } = new(Build.Facts("adc-1"), Build.First, RelayPlane.Can, [], FleetMap.Empty, Build.At(0));
    private protected FleetMap Map { get; set; } = Build.Map(
        [Build.Node("adc-1", witnesses: ["adc-2", "adc-3", "adc-4"]), Build.Node("adc-2"), Build.Node("adc-3"), Build.Node("adc-4")],
        [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2")]);

    private protected static FleetMap Next(FleetMap map) => map with { Version = new MapVersion(1, map.Version.Revision + 1), Parent = map.Version };

    private protected static NodeMessage[] Sent(IReadOnlyList<NodeEffect> effects) =>
        [.. effects.OfType<NodeEffect.SendToLeader>().Select(s => s.Message)];

    private protected void Open()
    {
        Step(new NodeInput.LinkOpened(), 1);
        Leader(new LeaderMessage.Welcome(1, LeaseTerms.Default), 2);
    }

    /// <summary>The first heartbeat goes out at 2 ms and is acknowledged at 4 ms, when the node has the map and its data plane carries it.</summary>
    private protected IReadOnlyList<NodeEffect> Serve()
    {
        Open();
        var generation = Leader(new LeaderMessage.Full(Map), 3).OfType<NodeEffect.ApplyServices>().Single().Backends.Generation;
        Step(new NodeInput.Applied(generation, generation), 3);
        return Leader(new LeaderMessage.Ack(1, Map.Version), 4);
    }

    private protected IReadOnlyList<NodeEffect> Leader(LeaderMessage message, double at) => Step(new NodeInput.FromLeader(message), at);

    private protected IReadOnlyList<NodeEffect> Peer(WitnessDatagram datagram, double at) => Step(new NodeInput.FromPeer(datagram), at);

    private protected IReadOnlyList<NodeEffect> Step(NodeInput input, double at) => Node.Step(input, Build.At(at));
}
