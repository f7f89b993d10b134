using System.Collections.Concurrent;
using System.Net;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Demo.Clients;

/// <summary>One request of one client, from the DNS query to the last byte.</summary>
/// <param name="Tried">The VIPs it was sent to, in order.</param>
/// <param name="Failure">Null when it was answered.</param>
internal sealed record TrafficSample(Instant Sent, Instant Done, IReadOnlyList<IPAddress> Tried, string? Failure)
{
    public bool IsOk => Failure is null;
}

/// <summary>
/// Clients that do what clients do: ask DNS for the service's name before every request (its TTL is 0), connect to the first address of the answer,
/// and to the next if that one refuses.
/// </summary>
internal sealed class Traffic(Resolver resolver, string host, int port, MonotonicClock clock)
{
    private const int Clients = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<TrafficSample> _samples = new();

    public IReadOnlyCollection<TrafficSample> Samples => _samples;

    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ClientAsync(cancellation)));

    private async Task ClientAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var sent = clock.Now;
            var tried = new List<IPAddress>();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            try
            {
                var failure = await RequestAsync(tried, patience.Token);
                if (!cancellation.IsCancellationRequested)
                    _samples.Enqueue(new TrafficSample(sent, clock.Now, tried, failure));
                await Task.Delay(Pause, cancellation);
            }
            catch (OperationCanceledException)
            {
                if (!cancellation.IsCancellationRequested)
                    _samples.Enqueue(new TrafficSample(sent, clock.Now, tried, "no answer in time"));
            }
        }
    }

    /// <summary>Null when it was answered, or why not.</summary>
    private async Task<string?> RequestAsync(List<IPAddress> tried, CancellationToken cancellation)
    {
        var failure = "DNS gave no address";
        foreach (var address in await resolver.ResolveAsync(host, cancellation))
        {
            tried.Add(address);
            using var connection = new MiniHttp(new IPEndPoint(address, port));
            if (await connection.GetAsync(cancellation) is not null)
                return null;
            failure = $"{address}: {connection.Failure}";
            if (connection.WasSent)
                break;
        }

        return failure;
    }
}
