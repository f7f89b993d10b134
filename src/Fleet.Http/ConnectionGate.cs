using System.Net;
using Fleet.Shared.Config;
using Microsoft.AspNetCore.Connections;

namespace Fleet.Http;

/// <summary>
/// Bounds the connections of strangers, in all and per address. A newcomer is never refused: when nodes and strangers come from one address, nothing
/// else tells them apart. A well-meaning client sends a whole request at once. A slow one is soon the one that has gone longest without, and gives
/// way.
/// </summary>
internal sealed class ConnectionGate : IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(500);

    private readonly HttpLimits _limits;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private readonly Lock _gate = new();
    private readonly Crowd _all;
    private readonly Dictionary<IPAddress, Crowd> _origins = [];

    public ConnectionGate(HttpLimits limits, TimeProvider time)
    {
        _limits = limits;
        _time = time;
        _all = new Crowd(limits.ConnectionsMax, visit => visit.InAll);
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _all.Count;
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
        var visit = new Visit(this, Origin.Unmap(address), _time.GetTimestamp(), abort);
        Visit? crowdedOut, surplus;
        lock (_gate)
        {
            if (!_origins.TryGetValue(visit.Origin, out var own))
                own = _origins[visit.Origin] = new Crowd(_limits.ConnectionsPerAddressMax, v => v.InOrigin);
            own.Wait(visit);
            _all.Wait(visit);
            if ((crowdedOut = own.Surplus(visit)) is not null)
                Remove(crowdedOut);
            if ((surplus = _all.Surplus(visit)) is not null)
                Remove(surplus);
        }

        crowdedOut?.Abort("Its address has too many connections, and it has been without a whole request for longest.");
        surplus?.Abort("There are too many connections, and it has been without a whole request for longest.");
        return visit;
    }

    internal void Serve(Visit visit)
    {
        lock (_gate)
        {
            visit.HasSpoken = true;
            if (visit.InAll.List is null)
                return;
            _all.Serve(visit);
            _origins[visit.Origin].Serve(visit);
        }
    }

    internal void Wait(Visit visit)
    {
        lock (_gate)
        {
            if (visit.InAll.List is null)
                return;
            _all.Wait(visit);
            _origins[visit.Origin].Wait(visit);
        }
    }

    internal void Leave(Visit visit)
    {
        lock (_gate)
            Remove(visit);
    }

    /// <summary>A connection that has given way, or left, is counted nowhere.</summary>
    private void Remove(Visit visit)
    {
        if (visit.InAll.List is null)
            return;
        _all.Leave(visit);
        var own = _origins[visit.Origin];
        own.Leave(visit);
        if (own.Count == 0)
            _origins.Remove(visit.Origin);
    }

    /// <summary>
    /// Closes connections that have not sent their first whole request in time. Kestrel's own clock for that begins with the first byte, and a silent
    /// connection sends none.
    /// </summary>
    private void Sweep()
    {
        Visit[] late;
        lock (_gate)
        {
            late = [.. _all.Waiting.Where(visit => !visit.HasSpoken && _time.GetElapsedTime(visit.Since) >= _limits.HeadersWithin)];
            foreach (var visit in late)
                Remove(visit);
        }

        foreach (var visit in late)
            visit.Abort("No whole request has come in time.");
    }

    public void Dispose() => _sweep.Dispose();
}
