using System.Collections.Concurrent;
using System.Net;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Demo.Clients;

/// <summary>One probe of one VIP.</summary>
/// <param name="Node">Who answered; null when nobody did.</param>
internal readonly record struct ProbeSample(Instant Sent, Instant Done, string? Node)
{
    public bool IsOk => Node is not null;
}

/// <summary>
/// Probes every VIP with an HTTP request every 5 ms on a connection that is kept, as storage clients do, and every 50 ms on a new one, as newcomers
/// do. A kept connection that breaks is opened again with the next probe. Together the probes show outages, and whether two nodes ever answered for
/// one VIP.
/// </summary>
internal sealed class VipProbes(IReadOnlyCollection<IPEndPoint> vips, MonotonicClock clock)
{
    private static readonly TimeSpan KeptPeriod = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan NewPeriod = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<IPAddress, ConcurrentQueue<ProbeSample>> _samples =
        new(vips.Select(v => KeyValuePair.Create(v.Address, new ConcurrentQueue<ProbeSample>())));

    /// <summary>Probes until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(vips.SelectMany(v => new[] { ProbeKeptAsync(v, cancellation), ProbeNewAsync(v, cancellation) }));

    /// <summary>Everything seen of one VIP so far, in the order in which it was done.</summary>
    public ProbeSample[] Samples(IPAddress vip) => [.. _samples[vip].OrderBy(s => s.Done)];

    private async Task ProbeKeptAsync(IPEndPoint vip, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(KeptPeriod);
        using var patience = new ProbePatience(Patience, cancellation);
        var connection = new MiniHttp(vip);
        try
        {
            while (await NextAsync(timer, cancellation))
            {
                if (await ProbeAsync(connection, vip, patience, cancellation))
                    continue;
                connection.Dispose();
                connection = new MiniHttp(vip);
            }
        }
        finally
        {
            connection.Dispose();
        }
    }

    private async Task ProbeNewAsync(IPEndPoint vip, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(NewPeriod);
        using var patience = new ProbePatience(Patience, cancellation);
        while (await NextAsync(timer, cancellation))
        {
            using var connection = new MiniHttp(vip);
            await ProbeAsync(connection, vip, patience, cancellation);
        }
    }

    private async Task<bool> ProbeAsync(MiniHttp connection, IPEndPoint vip, ProbePatience patience, CancellationToken cancellation)
    {
        var sent = clock.Now;
        var node = await connection.GetAsync(patience.Next());
        if (!cancellation.IsCancellationRequested)
            _samples[vip.Address].Enqueue(new ProbeSample(sent, clock.Now, node));
        return node is not null;
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
