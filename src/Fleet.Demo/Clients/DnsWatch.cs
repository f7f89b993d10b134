using System.Collections.Concurrent;
using System.Net;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Demo.Clients;

/// <summary>Asks every DNS server of the fleet for the service's name every 20 ms and keeps what each said.</summary>
internal sealed class DnsWatch(Func<IEnumerable<IPEndPoint>> servers, string host, MonotonicClock clock)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<(Instant Sent, IReadOnlyList<IPAddress> Answer)> _answers = new();

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                foreach (var server in servers().ToArray())
                {
                    var sent = clock.Now;
                    if (await Resolver.AskAsync(server, host, cancellation) is { } answer)
                        _answers.Enqueue((sent, answer));
                }

                await Task.Delay(Period, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>When the last question was sent whose answer named a VIP that was out of service then; null when none did.</summary>
    public Instant? LastStale(IReadOnlyDictionary<IPAddress, (Instant From, Instant Until)> outages) => _answers
        .Where(a => a.Answer.Any(v => outages.TryGetValue(v, out var outage) && a.Sent >= outage.From && a.Sent <= outage.Until))
        .Select(a => (Instant?)a.Sent)
        .Max();
}
