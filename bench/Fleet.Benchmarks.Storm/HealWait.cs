using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Benchmarks.Storm.Judging;
using Fleet.Benchmarks.Storm.World;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Storm;

/// <summary>Waits until the fleet is well and has been so for a moment.</summary>
internal sealed class HealWait(StormFleet fleet, VipClients clients, StallWatch machine, StormLog log, MonotonicClock clock)
{
    /// <summary>What is not well by then will not heal.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>So long all must be well: longer than a lease and a margin, so that nothing is about to be found out.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(700);

    /// <summary>A map has reached every node by then, and its next heartbeat the leader.</summary>
    private static readonly TimeSpan MapAge = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(1);

    /// <summary>How long it took, without what the machine stood still for, and what was the last to heal.</summary>
    public async Task<(TimeSpan Took, string LastWanting)> UntilAsync(CancellationToken cancellation)
    {
        var begun = clock.Now;
        var seen = new Queue<(Instant At, MapVersion Version)>();
        var owed = MapVersion.None;
        Instant? well = null;
        var last = "nothing";
        while (well is null || clock.Now - well.Value < Hold)
        {
            while (seen.TryPeek(out var old) && clock.Now - old.At > MapAge)
                owed = seen.Dequeue().Version;
            var at = clock.Now;
            var wanting = await LookAsync(owed, seen, cancellation);
            if (wanting.Count == 0)
            {
                well ??= at;
            }
            else
            {
                well = null;
                if (last != wanting[0])
                    log.Write($"wanting: {string.Join("; ", wanting.Take(4))}");
                last = wanting[0];
            }

            if (clock.Now - begun > Patience)
                return (Patience, string.Join("; ", wanting));
            await Task.Delay(LookEvery, clock.Time, cancellation);
        }

        var took = well.Value - begun - machine.Within(begun, well.Value);
        return (took > TimeSpan.Zero ? took : TimeSpan.Zero, last);
    }

    private async Task<IReadOnlyList<string>> LookAsync(MapVersion owed, Queue<(Instant At, MapVersion Version)> seen, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LookMax);
        try
        {
            var map = await fleet.Api.MapAsync(patience.Token);
            var nodes = await fleet.Api.NodesAsync(patience.Token);
            seen.Enqueue((clock.Now, map.Version));
            var answers = clients.Vips.ToImmutableSortedDictionary(vip => vip, vip => clients.Read(vip, judge => judge.LastAnswer));
            return HealJudge.Wanting(new Observation(map, nodes, fleet.Living, owed, answers, clock.Now));
        }
        catch (Exception e) when (e is JsonException || Silence.Is(e, cancellation))
        {
            return [$"the coordinator does not answer ({e.GetType().Name})"];
        }
    }
}
