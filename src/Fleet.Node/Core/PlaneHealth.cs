using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// Whether the data plane answers. One that has been silent for three quarters of a lease is given no traffic: its VIPs are let go of before the
/// lease would have ended, had the node died with it. One that was killed is back sooner. A node whose data plane was silent is called ill, and given
/// nothing new, until it has answered for a while without a break; what the map still gives to it, it takes as soon as it answers.
/// </summary>
internal sealed class PlaneHealth
{
    private static readonly TimeSpan SteadyMin = TimeSpan.FromSeconds(2);
    private Instant? _silentSince;
    private Instant _answersSince = Instant.Never;

    /// <summary>Nothing can be served: it has been silent for too long.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>It is silent, or was a moment ago.</summary>
    public bool IsIll { get; private set; }

    /// <summary>When time alone changes something.</summary>
    public Instant Due(LeaseTerms lease)
    {
        if (_silentSince is { } since)
            return IsSilent ? Instant.Forever : since + SilenceMax(lease);
        return IsIll ? _answersSince + SteadyMin : Instant.Forever;
    }

    /// <summary>Takes what the driver has seen.</summary>
    /// <param name="silentSince">Null while the data plane answers.</param>
    public void Hear(Instant? silentSince, Instant now)
    {
        if (_silentSince is not null && silentSince is null)
            _answersSince = now;
        _silentSince = silentSince;
    }

    /// <summary>Returns whether anything is different from before.</summary>
    public bool Update(LeaseTerms lease, Instant now)
    {
        var before = (IsSilent, IsIll);
        IsSilent = _silentSince is { } since && now - since >= SilenceMax(lease);
        IsIll = IsSilent || (IsIll && (_silentSince is not null || now - _answersSince < SteadyMin));
        return before != (IsSilent, IsIll);
    }

    private static TimeSpan SilenceMax(LeaseTerms lease) => lease.Duration * 3 / 4;
}
