using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// The part of a replicated store that says who leads, as leases of etcd do: leadership runs out unless its holder renews it, and nobody else leads
/// before. It has a clock of its own, which is the true one. Without <see cref="WorldSettings.Leadership"/> it does nothing, draws nothing, and
/// whoever has the disk's lock leads.
/// </summary>
public sealed class SimElection(World world)
{
    /// <summary>Of each grant the holder counts on so much: hosts' clocks may run wrong by a twentieth.</summary>
    private const double Usable = 0.9;

    private readonly Random _chance = new(world.Settings.Seed ^ 0x1EADE2);
    private Grant? _holder;
    private long _expires = long.MinValue;

    /// <summary>Most renewals, or what is answered to them, do not arrive.</summary>
    public bool LosesRenewals { get; set; }

    /// <summary>One way takes up to so long.</summary>
    public int SlowMs { get; set; }

    /// <summary>Set when something has left the holder that must not; <see cref="Checkers.AcknowledgesInTime"/> looks at it.</summary>
    public string? Broken { get; private set; }

    public bool IsTroubled => LosesRenewals || SlowMs > 0 || _holder is { IsRefused: true };

    private TimeSpan Validity => world.Settings.Leadership;

    /// <summary>The holder's renewals are refused from now on; others have to wait for its time all the same.</summary>
    public bool Refuse()
    {
        if (_holder is null or { IsRefused: true })
            return false;
        _holder.IsRefused = true;
        return true;
    }

    public void Mend() => (LosesRenewals, SlowMs) = (false, 0);

    /// <summary>Waits until nobody else may think that it leads.</summary>
    internal async Task<Leadership> CampaignAsync(Leadership unlimited, ProcessLife life, MonotonicClock clock)
    {
        if (Validity == TimeSpan.Zero)
            return unlimited;
        while (world.Now < _expires)
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock.Time);
        var asked = clock.Now;
        await Task.Delay(TimeSpan.FromMilliseconds(_chance.Next(1, 5)), clock.Time);
        var grant = _holder = new Grant(new Leadership(unlimited.Term, asked + (Validity * Usable), clock), life, clock);
        _expires = world.Now + Micros(Validity);
        RenewLater(grant);
        return grant.Leadership;
    }

    /// <summary>Something is leaving the process of a coordinator: by its own clock and by the true one it must still lead.</summary>
    public void Leaves(string what, ProcessLife life)
    {
        if (Validity == TimeSpan.Zero || _holder is not { } grant)
            return;
        if (grant.Life != life || world.Now >= _expires)
            Broken ??= $"{what} leaves a coordinator that leads no more since {(world.Now - _expires) / 1000.0} ms.";
        else if (grant.Clock.Now >= grant.Leadership.ValidUntil)
            Broken ??= $"{what} leaves the leader at {grant.Clock.Now}, its leadership was valid until {grant.Leadership.ValidUntil}.";
    }

    private void RenewLater(Grant grant) => grant.Life.After(Micros(Validity / 3), () =>
    {
        if (grant.Leadership.Ended.IsCancellationRequested)
            return;
        var sent = grant.Clock.Now;
        RenewLater(grant);
        if (!IsLost)
            world.Scheduler.After(Way, () => Arrive(grant, sent));
    });

    private void Arrive(Grant grant, Instant sent)
    {
        var isOver = grant != _holder || grant.IsRefused || world.Now >= _expires;
        if (!isOver)
            _expires = world.Now + Micros(Validity);
        if (IsLost)
            return;
        world.Tally.Count(isOver ? "leadership-refused" : "leadership-renewed");
        grant.Life.After(Way, isOver ? grant.Leadership.End : () => grant.Leadership.Renew(sent + (Validity * Usable)));
    }

    private bool IsLost => LosesRenewals && _chance.Next(8) > 0;

    /// <summary>Microseconds.</summary>
    private long Way => SlowMs > 0 ? _chance.Next(SlowMs * 1000) : _chance.Next(100, 2000);

    private static long Micros(TimeSpan span) => (long)span.TotalMicroseconds;

    private sealed record Grant(Leadership Leadership, ProcessLife Life, MonotonicClock Clock)
    {
        public bool IsRefused { get; set; }
    }
}
