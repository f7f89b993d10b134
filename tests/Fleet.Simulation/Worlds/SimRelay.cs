using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// A data plane process that holds VIPs until a moment on its host's clock, whatever becomes of the agent. It looks at the deadline before it does anything,
/// so one that was stopped serves nothing when it wakes too late. Orders of an agent that has been replaced are not obeyed.
/// </summary>
public sealed class SimRelay(World world, NodeName node, SkewedClock clock)
{
    private ImmutableSortedSet<VipAddress> held = [];
    private Instant until = Instant.Never;

    /// <summary>The deadline it was last told.</summary>
    public Instant Until => until;

    public Process Process { get; } = new(world, $"{node}/relay");

    /// <summary>What it serves at this very moment.</summary>
    public ImmutableSortedSet<VipAddress> Serving => Process.IsRunning && clock.At(world.Now) < until ? held : [];

    public void Hold(ImmutableSortedSet<VipAddress> vips, Instant deadline) => Change(() =>
    {
        held = vips;
        until = deadline;
    });

    public void Start() => Change(() =>
    {
        Process.Start();
        held = [];
        until = Instant.Never;
    });

    public void Kill() => Change(Process.Kill);

    public void Pause() => Change(Process.Pause);

    public void Continue() => Change(Process.Continue);

    /// <summary>Notes until when it has served: now, or the end of its lease.</summary>
    private void Account()
    {
        if (Process.IsRunning)
            world.Service.ServedUntil(held, Math.Min(world.Now, clock.TruthOf(until)));
    }

    private void Change(Action change)
    {
        foreach (var relay in world.Nodes.Values.Select(n => n.Relay))
            relay.Account();
        change();
        world.Service.ServedFrom(Serving, world.Now);
        world.RelayChanges++;
    }
}
