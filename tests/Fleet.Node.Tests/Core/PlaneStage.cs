using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

/// <summary>
/// Node adc-1 with a lease that lasts, VIP 1 of service web and VIP 2 of service api; adc-2 has VIPs 3 and 4 of web. What its reactor wants of the
/// data plane is noted and answered as the test says; what is to be held is held. Its clock is in milliseconds.
/// </summary>
internal sealed class PlaneStage
{
    public static readonly NodeName Me = new("adc-1");

    private readonly Reactor _reactor;
    private double _now;

    public PlaneStage(DataPlaneCapabilities? capabilities = null, params VipAddress[] found)
    {
        var lasting = FleetPolicy.Default with { Lease = new LeaseTerms(60_000, 600_000, 1000) };
        _reactor = new Reactor(
            Build.Facts("adc-1"), Build.First, capabilities ?? RelayPlane.Can, [.. found], FleetMap.Empty with { Policy = lasting }, Build.At(0));
        Map = Build.Map(
            [Build.Node("adc-1", witnesses: "adc-2"), Build.Node("adc-2")],
            [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-1", "api"), Build.Serving(3, "adc-2"), Build.Serving(4, "adc-2")],
            lasting);
        Step(new NodeInput.LinkOpened());
        Leader(new LeaderMessage.Welcome(1, lasting.Lease));
    }

    public FleetMap Map { get; private set; }

    /// <summary>Everything that was wanted, but for what goes to the leader.</summary>
    public List<NodeEffect> Effects { get; } = [];

    /// <summary>The newest apply that has not been answered.</summary>
    public PlanGeneration? Asked { get; private set; }

    public IEnumerable<NodeEffect.HoldVips> Holds => Effects.OfType<NodeEffect.HoldVips>();

    public ImmutableSortedSet<VipAddress> Held => Holds.Last().Vips;

    public int Wholes => Effects.OfType<NodeEffect.ApplyServices>().Count();

    public int States => Effects.OfType<NodeEffect.ApplyBackends>().Count();

    /// <summary>What the last heartbeat said.</summary>
    public NodeMessage.Heartbeat Said { get; private set; } = null!;

    public bool DrainFails { get; set; }

    public FleetMap Known => _reactor.Map;

    /// <summary>The node gets the map, then its lease.</summary>
    public PlaneStage Begin()
    {
        Leader(new LeaderMessage.Full(Map));
        Leader(new LeaderMessage.Ack(1, Map.Version));
        return this;
    }

    /// <summary>It carries the map, and serves.</summary>
    public PlaneStage Serve()
    {
        Begin();
        Carry();
        return this;
    }

    public void Change(Func<FleetMap, FleetMap> change)
    {
        Map = change(Map) with { Version = new MapVersion(1, Map.Version.Revision + 1), Parent = Map.Version };
        Leader(new LeaderMessage.Full(Map));
    }

    public void Give(int vip) =>
        Change(map => map with { Vips = map.Vips.SetItem(Build.Vip(vip), map.Vips[Build.Vip(vip)] with { Owner = Me, Phase = VipPhase.Arriving }) });

    /// <summary>Service web gets another VIP, at this node.</summary>
    public void GiveNew(int vip) => Change(map => map with
    {
        Services = map.Services.SetItem(new("web"), map.Services[new("web")] with { Vips = map.Services[new("web")].Vips.Add(Build.Vip(vip)) }),
        Vips = map.Vips.SetItem(Build.Vip(vip), Build.Serving(vip, "adc-1") with { Phase = VipPhase.Arriving }),
    });

    public void ChangeService(Func<Service, Service> change, string name = "web") =>
        Change(map => map with { Services = map.Services.SetItem(new(name), change(map.Services[new(name)])) });

    public void Judge(string backend, Verdict verdict) =>
        Change(map => map with { Verdicts = map.Verdicts.SetItem(BackendKey.Parse(backend), verdict) });

    /// <summary>The data plane carries all that it is told, now and next.</summary>
    public void Carry()
    {
        while (Asked is { } asked)
            Answer(new NodeInput.Applied(asked, asked));
    }

    public void Fail(string reason = "it is in a mood") => Answer(new NodeInput.Applied(Asked!.Value, null, reason));

    public void Answer(NodeInput.Applied answer)
    {
        Asked = null;
        Step(answer);
    }

    public void Pass(double milliseconds)
    {
        _now += milliseconds;
        Step(new NodeInput.Tick());
    }

    /// <summary>When it wants to be woken, in milliseconds from now.</summary>
    public double Due => (_reactor.Due(Build.At(_now)) - Build.At(_now)).TotalMilliseconds;

    /// <summary>The heartbeat that is due tells what has become of it all.</summary>
    public NodeMessage.Heartbeat Beat()
    {
        Pass(60_000);
        Leader(new LeaderMessage.Ack(Said.Seq, Map.Version));
        return Said;
    }

    /// <summary>Holder and data plane answer when all has been done that the step asks for, as the program's queue has it.</summary>
    public void Step(NodeInput input)
    {
        var answers = new List<NodeInput>();
        foreach (var effect in _reactor.Step(input, Build.At(_now)))
        {
            if (effect is NodeEffect.SendToLeader { Message: NodeMessage.Heartbeat beat })
                Said = beat;
            Effects.Add(effect);
            Asked = effect switch
            {
                NodeEffect.ApplyServices apply => apply.Backends.Generation,
                NodeEffect.ApplyBackends apply => apply.Backends.Generation,
                _ => Asked,
            };
            if (effect is NodeEffect.HoldVips hold)
                answers.Add(new NodeInput.Held(hold, []));
            else if (effect is NodeEffect.DrainVips)
                answers.Add(new NodeInput.Drained(!DrainFails));
        }

        foreach (var answer in answers)
            Step(answer);
    }

    private void Leader(LeaderMessage message) => Step(new NodeInput.FromLeader(message));
}
