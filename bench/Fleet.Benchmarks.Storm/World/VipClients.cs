using System.Collections.Immutable;
using System.Net;
using Fleet.Benchmarks.Storm.Judging;
using Fleet.Demo.Clients;
using Fleet.Demo.Fleets;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>
/// Clients of every VIP, all the time: one that keeps its connection and asks every 10 ms, one that comes anew every 50 ms, one that never gives its
/// connection up. Each
/// reads which node answered, and the judge of the VIP is told.
/// </summary>
internal sealed class VipClients(ImmutableArray<VipAddress> vips, MonotonicClock clock)
{
    private static readonly TimeSpan KeptPeriod = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan NewPeriod = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly ImmutableSortedDictionary<VipAddress, VipJudge> _judges =
        vips.ToImmutableSortedDictionary(vip => vip, _ => new VipJudge(clock.Now));

    public ImmutableArray<VipAddress> Vips => vips;

    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(vips.SelectMany(vip => new[]
    {
        UntilEndAsync(KeepAsync(vip, cancellation)), UntilEndAsync(ComeAsync(vip, cancellation)), UntilEndAsync(InsistAsync(vip, cancellation)),
    }));

    public T Read<T>(VipAddress vip, Func<VipJudge, T> read)
    {
        var judge = _judges[vip];
        lock (judge)
            return read(judge);
    }

    /// <summary>Of these VIPs, the one that went without an answer for longest in a window.</summary>
    public (VipAddress Vip, Gap Gap) LongestGap(IEnumerable<VipAddress> which, Instant from, Instant until) => which
        .Select(vip => (Vip: vip, Gap: Read(vip, judge => judge.LongestGap(from, until))))
        .Prepend((Vip: vips[0], Gap: new Gap(from, from)))
        .MaxBy(found => found.Gap.Until - found.Gap.From);

    public IEnumerable<(VipAddress Vip, DualOwner Case)> Duals() =>
        vips.SelectMany(vip => Read(vip, judge => judge.Duals.Select(dual => (vip, dual)).ToArray()));

    private async Task KeepAsync(VipAddress vip, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(KeptPeriod);
        using var patience = new ProbePatience(Patience, cancellation);
        var connection = new MiniHttp(At(vip));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                if (await AskAsync(connection, vip, patience))
                    continue;
                connection.Dispose();
                connection = new MiniHttp(At(vip));
            }
        }
        finally
        {
            connection.Dispose();
        }
    }

    private async Task ComeAsync(VipAddress vip, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(NewPeriod);
        using var patience = new ProbePatience(Patience, cancellation);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            using var connection = new MiniHttp(At(vip));
            await AskAsync(connection, vip, patience);
        }
    }

    private async Task InsistAsync(VipAddress vip, CancellationToken cancellation)
    {
        while (true)
        {
            await new PipelinedConnection(At(vip), clock, sample => Tell(vip, sample.Sent, sample.Node)).RunAsync(cancellation);
            await Task.Delay(NewPeriod, cancellation);
        }
    }

    private async Task<bool> AskAsync(MiniHttp connection, VipAddress vip, ProbePatience patience)
    {
        var sent = clock.Now;
        var node = await connection.GetAsync(patience.Next());
        Tell(vip, sent, node);
        return node is not null;
    }

    /// <summary>The time is taken here, so that what the judge is told is in its order.</summary>
    private void Tell(VipAddress vip, Instant sent, string? node)
    {
        var judge = _judges[vip];
        lock (judge)
            judge.Add(new ProbeSample(sent, clock.Now, node));
    }

    private static IPEndPoint At(VipAddress vip) => new(vip.Value, FleetNetwork.ServicePort);

    private static async Task UntilEndAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // The storm is over.
        }
    }
}
