namespace Fleet.Testing.Wan;

/// <summary>
/// One direction between two places: how long what is sent is under way, and whether it arrives. May be changed at any time, by any thread.
/// </summary>
public sealed class Way
{
    private long _delay;
    private long _jitter;
    private long _endDelay;
    private double _loss;
    private volatile bool _isCut;

    /// <summary>How long what is sent from now on is under way.</summary>
    public TimeSpan Delay
    {
        get => new(Volatile.Read(ref _delay));
        set => Volatile.Write(ref _delay, value.Ticks);
    }

    /// <summary>Up to this much is added to the delay, by chance; what was sent first still arrives first.</summary>
    public TimeSpan Jitter
    {
        get => new(Volatile.Read(ref _jitter));
        set => Volatile.Write(ref _jitter, value.Ticks);
    }

    /// <summary>
    /// By how much the end of a TCP connection is later than what was sent before it, as if its packet had been lost at first. A server that sees the
    /// end with the request does not carry the request out.
    /// </summary>
    public TimeSpan EndDelay
    {
        get => new(Volatile.Read(ref _endDelay));
        set => Volatile.Write(ref _endDelay, value.Ticks);
    }

    /// <summary>What part of the datagrams is lost, 0 to 1. A TCP connection loses nothing.</summary>
    public double Loss
    {
        get => Volatile.Read(ref _loss);
        set => Volatile.Write(ref _loss, value);
    }

    public bool IsCut => _isCut;

    /// <summary>Nothing arrives any more, what is under way included, and nobody is told: a black hole, not a reset.</summary>
    public void Cut() => _isCut = true;

    /// <summary>TCP delivers what was held back; datagrams that were sent while the way was cut are gone.</summary>
    public void Heal() => _isCut = false;
}
