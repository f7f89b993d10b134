using System.Net;
using System.Net.Sockets;
using Fleet.Demo.Clients;

namespace Fleet.Lab.Traffic;

/// <summary>
/// A client, as a process inside its namespace: a request each 1/rate seconds, a connection for each, and a line of JSON a second. It asks DNS for
/// the service when it is told whom to ask, and goes through the addresses in turn otherwise.
/// </summary>
internal sealed class TrafficClient(string name, string host, IReadOnlyList<IPEndPoint> vips, IReadOnlyList<IPEndPoint> dns)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Resolver _resolver = new(() => dns);
    private readonly ClientTally _tally = new(name);
    private readonly Lock _gate = new();
    private int _next = -1;

    /// <summary>Until cancelled.</summary>
    /// <param name="rate">Requests each second.</param>
    public async Task RunAsync(double rate, TextWriter output, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asking = AskAsync(TimeSpan.FromSeconds(1 / rate), stop.Token);
        try
        {
            var since = TimeProvider.System.GetTimestamp();
            while (true)
            {
                await Task.Delay(Window, cancellation);
                TrafficWindow window;
                lock (_gate)
                    window = _tally.Take(TimeProvider.System.GetElapsedTime(since));
                since = TimeProvider.System.GetTimestamp();
                await output.WriteLineAsync(window.ToJson());
                await output.FlushAsync(cancellation);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Told to end, or nobody reads any more.
        }
        finally
        {
            await stop.CancelAsync();
            await asking;
        }
    }

    /// <summary>One that is not answered does not hold up the next.</summary>
    private async Task AskAsync(TimeSpan period, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(period);
        var waiting = new HashSet<Task>();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                waiting.Add(RequestAsync(cancellation));
                waiting.RemoveWhere(task => task.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to end.
        }

        await Task.WhenAll(waiting);
    }

    private async Task RequestAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        var since = TimeProvider.System.GetTimestamp();
        var (node, failure) = await AttemptAsync(patience.Token);
        if (cancellation.IsCancellationRequested)
            return;
        lock (_gate)
            _tally.Add(node, TimeProvider.System.GetElapsedTime(since), failure);
    }

    private async Task<(string? Node, string Failure)> AttemptAsync(CancellationToken cancellation)
    {
        try
        {
            if (await NextAsync(cancellation) is not { } vip)
                return (null, "no address");
            using var connection = new MiniHttp(vip);
            var node = await connection.GetAsync(cancellation);
            return (node, connection.Failure);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return (null, "no answer in time");
        }
    }

    private async Task<IPEndPoint?> NextAsync(CancellationToken cancellation)
    {
        if (dns.Count == 0)
            return vips.Count == 0 ? null : vips[(int)((uint)Interlocked.Increment(ref _next) % (uint)vips.Count)];
        var found = await _resolver.ResolveAsync(host, cancellation);
        return found.Count == 0 ? null : new IPEndPoint(found[0], vips.Count == 0 ? 80 : vips[0].Port);
    }
}
