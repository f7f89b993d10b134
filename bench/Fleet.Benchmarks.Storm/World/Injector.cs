using System.Collections.Immutable;
using Fleet.Benchmarks.Storm.Faults;
using Fleet.Benchmarks.Storm.Judging;
using Fleet.Shared.Map;
using Fleet.Shared.Shell;
using Fleet.Testing.Wan;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>Does to the fleet what a fault says, and undoes it when it has lasted.</summary>
internal sealed class Injector(StormFleet fleet, Operator hand, CommandBook book, StormLog log, MonotonicClock clock)
{
    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(40);

    public int Faults { get; private set; }

    /// <summary>What did not end as it should.</summary>
    public ImmutableArray<string> Failures { get; private set; } = [];

    /// <summary>Returns when the last of them has ended.</summary>
    public async Task RunAsync(Episode episode, CancellationToken cancellation)
    {
        await Task.WhenAll(episode.Faults.Select(fault => RunAsync(fault, cancellation)));
    }

    private async Task RunAsync(Fault fault, CancellationToken cancellation)
    {
        await Task.Delay(fault.At, clock.Time, cancellation);
        log.Write($"begin {fault.Text}");
        Faults++;
        try
        {
            await DoAsync(fault, cancellation);
            log.Write($"end   {fault.Text}");
        }
        catch (TimeoutException e)
        {
            log.Write($"FAIL  {fault.Text}: {e.Message}");
            Failures = Failures.Add($"{fault.Text}: {e.Message}");
        }
    }

    private Task DoAsync(Fault fault, CancellationToken cancellation) => fault switch
    {
        Fault.Kill kill => KillAsync(kill, cancellation),
        Fault.Stop stop => StopAsync(stop, cancellation),
        Fault.Slow slow => SlowAsync(slow, cancellation),
        Fault.Cut cut => CutAsync(cut, cancellation),
        Fault.Lossy lossy => LoseAsync(lossy, cancellation),
        Fault.Join join => JoinAsync(join, cancellation),
        Fault.Leave leave => LeaveAsync(leave, cancellation),
        Fault.Order order => hand.OrderAsync(order, cancellation),
        _ => throw new System.Diagnostics.UnreachableException(fault.Text),
    };

    private async Task KillAsync(Fault.Kill kill, CancellationToken cancellation)
    {
        await fleet.KillAsync(kill.Place, cancellation);
        await Task.Delay(kill.Lasts, clock.Time, cancellation);
        if (kill.Place.Part == Part.Relay)
            return;
        log.Write($"start {kill.Place}");
        await fleet.StartAsync(kill.Place, cancellation);
    }

    private async Task StopAsync(Fault.Stop stop, CancellationToken cancellation)
    {
        var pids = await fleet.StopAsync(stop.Places, cancellation);
        try
        {
            await Task.Delay(stop.Lasts, clock.Time, cancellation);
        }
        finally
        {
            fleet.Continue(pids);
        }
    }

    private async Task SlowAsync(Fault.Slow slow, CancellationToken cancellation)
    {
        Set(slow.OutMs, slow.InMs, slow.WitnessMs);
        await Task.Delay(slow.Lasts, clock.Time, cancellation);
        Set(0, 0, 0);

        void Set(int outMs, int inMs, int witnessMs)
        {
            var link = fleet.Wires.LinkOf(slow.Node);
            link.ToTarget.Delay = TimeSpan.FromMilliseconds(outMs);
            link.FromTarget.Delay = TimeSpan.FromMilliseconds(inMs);
            foreach (var way in WitnessIn(slow.Node))
                way.Delay = TimeSpan.FromMilliseconds(witnessMs);
        }
    }

    private async Task CutAsync(Fault.Cut cut, CancellationToken cancellation)
    {
        var ways = Ways(cut).ToArray();
        var until = clock.Now + cut.Lasts;
        for (var isCut = true; clock.Now < until; isCut = !isCut)
        {
            foreach (var way in ways)
            {
                if (isCut)
                    way.Cut();
                else
                    way.Heal();
            }

            var left = until - clock.Now;
            await Task.Delay(cut.Every is { } every && every < left ? every : left > TimeSpan.Zero ? left : TimeSpan.Zero, clock.Time, cancellation);
        }

        foreach (var way in ways)
            way.Heal();
    }

    private async Task LoseAsync(Fault.Lossy lossy, CancellationToken cancellation)
    {
        foreach (var way in WitnessIn(lossy.Node))
            way.Loss = lossy.Loss;
        await Task.Delay(lossy.Lasts, clock.Time, cancellation);
        foreach (var way in WitnessIn(lossy.Node))
            way.Loss = 0;
    }

    private async Task JoinAsync(Fault.Join join, CancellationToken cancellation)
    {
        book.Know(Operator.NodeKey(join.Node), Operator.Word(NodeIntent.Active));
        await fleet.StartAsync(new Place(Part.Agent, join.Node), cancellation);
    }

    private async Task LeaveAsync(Fault.Leave leave, CancellationToken cancellation)
    {
        if (await hand.LeaveAsync(leave.Node, cancellation))
            await fleet.EndedAsync(leave.Node, LeaveMax, cancellation);
        else if (book.IsOpen(Operator.NodeKey(leave.Node)))
            fleet.MayEnd(leave.Node);
    }

    private IEnumerable<Way> Ways(Fault.Cut cut)
    {
        var (isOut, isIn) = (cut.Direction != Direction.In, cut.Direction != Direction.Out);
        if (cut.Lines != Lines.Watch && isOut)
            yield return fleet.Wires.LinkOf(cut.Node).ToTarget;
        if (cut.Lines != Lines.Watch && isIn)
            yield return fleet.Wires.LinkOf(cut.Node).FromTarget;
        if (cut.Lines == Lines.Link)
            yield break;
        foreach (var way in (isOut ? WitnessOut(cut.Node) : []).Concat(isIn ? WitnessIn(cut.Node) : []))
            yield return way;
    }

    private IEnumerable<Way> WitnessIn(string node) => Peers(node).Select(peer => fleet.Wires.WatchOf(node).From(fleet.AddressOf(peer)));

    private IEnumerable<Way> WitnessOut(string node) => Peers(node).Select(peer => fleet.Wires.WatchOf(peer).From(fleet.AddressOf(node)));

    private string[] Peers(string node) => [.. fleet.Wired.Where(peer => peer != node)];
}
