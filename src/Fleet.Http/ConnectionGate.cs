using System.Net;
using Fleet.Shared.Config;
using Microsoft.AspNetCore.Connections;

namespace Fleet.Http;

/// <summary>
/// Bounds the connections of strangers, in all and of each address. A newcomer is never refused: where nodes and strangers come from one address nothing else
/// tells them apart, and whoever means well says a whole request at once, while a slow one soon is the one that has been without for longest, and gives way.
/// </summary>
public sealed class ConnectionGate : IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(500);

    private readonly HttpLimits limits;
    private readonly TimeProvider time;
    private readonly ITimer sweep;
    private readonly Lock gate = new();
    private readonly Crowd all;
    private readonly Dictionary<IPAddress, Crowd> origins = [];

    public ConnectionGate(HttpLimits limits, TimeProvider time)
    {
        this.limits = limits;
        this.time = time;
        all = new Crowd(limits.ConnectionsMax, visit => visit.InAll);
        sweep = time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    public int Count
    {
        get
        {
            lock (gate)
                return all.Count;
        }
    }

    /// <summary>A step of the listener's pipeline, around everything else.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var visit = Enter((connection.RemoteEndPoint as IPEndPoint)?.Address, reason => connection.Abort(new ConnectionAbortedException(reason)));
        connection.Features.Set(visit);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(visit);
        }
    }

    internal Visit Enter(IPAddress? address, Action<string> abort)
    {
        var visit = new Visit(this, Origin.Of(address), time.GetTimestamp(), abort);
        Visit? crowdedOut, surplus;
        lock (gate)
        {
            if (!origins.TryGetValue(visit.Origin, out var own))
                own = origins[visit.Origin] = new Crowd(limits.ConnectionsPerAddressMax, v => v.InOrigin);
            own.Wait(visit);
            all.Wait(visit);
            if ((crowdedOut = own.Surplus(visit)) is not null)
                Remove(crowdedOut);
            if ((surplus = all.Surplus(visit)) is not null)
                Remove(surplus);
        }

        crowdedOut?.Abort("Its address has too many connections, and it has been without a whole request for longest.");
        surplus?.Abort("There are too many connections, and it has been without a whole request for longest.");
        return visit;
    }

    internal void Serve(Visit visit)
    {
        lock (gate)
        {
            visit.HasSpoken = true;
            if (visit.InAll.List is null)
                return;
            all.Serve(visit);
            origins[visit.Origin].Serve(visit);
        }
    }

    internal void Wait(Visit visit)
    {
        lock (gate)
        {
            if (visit.InAll.List is null)
                return;
            all.Wait(visit);
            origins[visit.Origin].Wait(visit);
        }
    }

    internal void Leave(Visit visit)
    {
        lock (gate)
            Remove(visit);
    }

    /// <summary>Whoever has given way, or left, is nowhere.</summary>
    private void Remove(Visit visit)
    {
        if (visit.InAll.List is null)
            return;
        all.Leave(visit);
        var own = origins[visit.Origin];
        own.Leave(visit);
        if (own.Count == 0)
            origins.Remove(visit.Origin);
    }

    /// <summary>Closes those that have not sent their first whole request in time. Kestrel's own clock for that begins with the first byte, and a silent connection sends none.</summary>
    private void Sweep()
    {
        Visit[] late;
        lock (gate)
        {
            late = [.. all.Waiting.Where(visit => !visit.HasSpoken && time.GetElapsedTime(visit.Since) >= limits.HeadersWithin)];
            foreach (var visit in late)
                Remove(visit);
        }

        foreach (var visit in late)
            visit.Abort("No whole request has come in time.");
    }

    public void Dispose() => sweep.Dispose();
}
