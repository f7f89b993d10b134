namespace Fleet.Testing.Wan;

/// <summary>One direction between two places: how long what is sent is under way, and whether it arrives. May be changed at any time, by any thread.</summary>
public sealed class Way
{
    private long delay;
    private long jitter;
    private double loss;
    private volatile bool isCut;

    /// <summary>How long what is sent from now on is under way.</summary>
    public TimeSpan Delay
    {
        get => new(Volatile.Read(ref delay));
        set => Volatile.Write(ref delay, value.Ticks);
    }

    /// <summary>Up to this much is added to the delay, by chance; what was sent first still arrives first.</summary>
    public TimeSpan Jitter
    {
        get => new(Volatile.Read(ref jitter));
        set => Volatile.Write(ref jitter, value.Ticks);
    }

    /// <summary>What part of the datagrams is lost, 0 to 1. Of a TCP connection nothing is.</summary>
    public double Loss
    {
        get => Volatile.Read(ref loss);
        set => Volatile.Write(ref loss, value);
    }

    public bool IsCut => isCut;

    /// <summary>Nothing arrives any more, what is under way included, and nobody is told: a black hole, not a reset.</summary>
    public void Cut() => isCut = true;

    /// <summary>TCP delivers what was held back; datagrams that were sent while the way was cut are gone.</summary>
    public void Heal() => isCut = false;
}
